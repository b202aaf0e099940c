#pragma once
#include <string>
#include <string_view>

namespace inboxpro::sandbox::gmail {

/// The text of HTML, roughly: without tags, comments, style and script, with the commonest entities resolved. For
/// snippets and search, not for showing.
std::string without_tags(std::string_view html);

/// At most 200 bytes of text as Gmail writes a snippet: white space joined, HTML-escaped.
std::string snippet_of(std::string_view text);

}  // namespace inboxpro::sandbox::gmail
