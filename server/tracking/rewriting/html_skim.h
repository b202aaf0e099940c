#pragma once
#include "tracking/rewriting/html_survey.h"

namespace inboxpro {

/// The survey of a letter, read tag by tag without building a tree: the same as survey_tree() gives, in a twentieth of
/// the time. Empty where the tags alone do not tell what the tree will be: SVG, templates, lists to choose from,
/// frames, links that hold a table or are badly nested, anything left open at the end. Never refuses for want of memory
/// or time; one pass, no recursion.
std::optional<HtmlSurvey> skim_html(std::string_view html);

}  // namespace inboxpro
