#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace inboxpro {

/// The value of an attribute: where it stands in the source, and what it says.
struct AttributeValue {
    std::size_t offset = 0;  ///< Behind the opening quote.
    std::size_t length = 0;
    char quote = 0;    ///< '"', '\'' or 0 for none.
    std::string text;  ///< Character references resolved.
};

/// What HTML contains that tracking is about. Each source tag counts once, in the order of the source, however often
/// the parser repairs it into the tree; what stands in comments, style sheets and other raw text is no tag.
struct HtmlSurvey {
    struct Link {
        AttributeValue href;
        bool shows_address = false;  ///< See is_shown_address().
    };
    struct Image {
        std::size_t offset = 0;  ///< Of the whole tag.
        std::size_t length = 0;
        std::string source;
    };

    std::vector<Link> links;  ///< `<a>` and `<area>` with a href.
    std::vector<Image> images;
    /// Where one more image would be the last thing in the body: before the `</body>` that is in the source, else at
    /// the end, else before whatever is left open there (a comment, a style sheet, half a tag). Empty when no place
    /// could be found.
    std::optional<std::size_t> end_of_body;
};

/// `invalid` when the HTML is too intricate to be read (see HtmlTree). The charset must be ASCII-compatible. Reads the
/// tree only of HTML that skim_html() cannot tell about.
Result<HtmlSurvey> survey_html(std::string_view html);

/// The same by the tree that the HTML standard makes of the text.
Result<HtmlSurvey> survey_tree(std::string_view html);

}  // namespace inboxpro
