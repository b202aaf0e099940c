#include "mail/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "mail/html_tree.h"

namespace inboxpro {
namespace {

bool is_any_of(GumboTag tag, std::initializer_list<GumboTag> tags) {
    return std::ranges::find(tags, tag) != tags.end();
}

bool is_unseen(GumboTag tag) {
    return is_any_of(tag, {GUMBO_TAG_HEAD, GUMBO_TAG_STYLE, GUMBO_TAG_SCRIPT, GUMBO_TAG_TITLE, GUMBO_TAG_TEMPLATE,
                           GUMBO_TAG_SELECT, GUMBO_TAG_IFRAME, GUMBO_TAG_NOFRAMES, GUMBO_TAG_NOEMBED});
}

/// Empty lines around it: 1 for a paragraph, 0 for a line of its own, -1 for running text.
int empty_lines_around(GumboTag tag) {
    if (is_any_of(tag, {GUMBO_TAG_P, GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6,
                        GUMBO_TAG_UL, GUMBO_TAG_OL, GUMBO_TAG_DL, GUMBO_TAG_PRE, GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_TABLE,
                        GUMBO_TAG_HR}))
        return 1;
    if (is_any_of(tag, {GUMBO_TAG_DIV, GUMBO_TAG_LI, GUMBO_TAG_TR, GUMBO_TAG_DT, GUMBO_TAG_DD, GUMBO_TAG_SECTION,
                        GUMBO_TAG_ARTICLE, GUMBO_TAG_HEADER, GUMBO_TAG_FOOTER, GUMBO_TAG_ADDRESS, GUMBO_TAG_CENTER,
                        GUMBO_TAG_FIGURE, GUMBO_TAG_MAIN, GUMBO_TAG_NAV, GUMBO_TAG_ASIDE}))
        return 0;
    return -1;
}

class Writer {
  public:
    void enter(const GumboNode& node) {
        if (is_text(node) && unseen_ == 0) return text(node.v.text.text);
        if (!is_element(node)) return;
        const GumboTag tag = node.v.element.tag;
        if (is_unseen(tag)) ++unseen_;
        if (unseen_ > 0) return;
        const int around = empty_lines_around(tag);
        if (around >= 0) ends_paragraph(around);
        if (tag == GUMBO_TAG_BR) line_ends_ = std::min(line_ends_ + 1, 2);
        if (tag == GUMBO_TAG_PRE) ++preformatted_;
        if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) space_ = true;
        if (tag == GUMBO_TAG_IMG) words(value_of(node, "alt"));
        if (tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL) lists_.push_back(tag == GUMBO_TAG_OL ? 1 : 0);
        if (tag == GUMBO_TAG_LI) words(bullet());
        if (tag == GUMBO_TAG_A) link_begins_ = out_.size();
    }

    void leave(const GumboNode& node) {
        if (!is_element(node)) return;
        const GumboTag tag = node.v.element.tag;
        if (unseen_ > 0) {
            if (is_unseen(tag)) --unseen_;
            return;
        }
        if (tag == GUMBO_TAG_A) add_address(value_of(node, "href"));
        if (tag == GUMBO_TAG_PRE) --preformatted_;
        if ((tag == GUMBO_TAG_UL || tag == GUMBO_TAG_OL) && !lists_.empty()) lists_.pop_back();
        const int around = empty_lines_around(tag);
        if (around >= 0) ends_paragraph(around);
    }

    std::string written() && { return out_.empty() ? std::string{} : out_ + '\n'; }

  private:
    static std::string_view value_of(const GumboNode& node, const char* name) {
        const GumboAttribute* attribute = attribute_of(node, name);
        return attribute != nullptr ? std::string_view{attribute->value} : std::string_view{};
    }

    void ends_paragraph(int empty_lines) { line_ends_ = std::max(line_ends_, empty_lines + 1); }

    std::string bullet() {
        if (lists_.empty() || lists_.back() == 0) return "- ";
        return fmt::format("{}. ", lists_.back()++);
    }

    void add_address(std::string_view href) {
        const auto shown = std::string_view{out_}.substr(std::min(link_begins_, out_.size()));
        const bool leads_somewhere = href.starts_with("http") || href.starts_with("mailto:");
        if (leads_somewhere && shown.find(href) == std::string_view::npos) words(fmt::format(" ({})", href));
    }

    void text(std::string_view text) {
        if (preformatted_ == 0) return words(text);
        for (char character : text) {
            if (character == '\n')
                ++line_ends_;
            else
                put(character);
        }
    }

    /// White space of any length is one space, and none at the start of a line.
    void words(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool is_no_break_space = text.substr(i, 2) == "\xc2\xa0";
            if (is_no_break_space || std::string_view{" \t\r\n\f"}.find(text[i]) != std::string_view::npos) {
                space_ = true;
                i += is_no_break_space ? 1 : 0;
            } else {
                put(text[i]);
            }
        }
    }

    void put(char character) {
        if (line_ends_ > 0 && !out_.empty())
            out_.append(static_cast<std::size_t>(line_ends_), '\n');
        else if (space_ && !out_.empty())
            out_.push_back(' ');
        line_ends_ = 0;
        space_ = false;
        out_.push_back(character);
    }

    std::string out_;
    std::vector<int> lists_;  ///< The next number of each open list; 0 for bullets.
    std::size_t link_begins_ = 0;
    int unseen_ = 0;
    int preformatted_ = 0;
    int line_ends_ = 0;
    bool space_ = false;
};

}  // namespace

std::string text_of_html(std::string_view html) {
    const auto tree = HtmlTree::parse(html);
    if (!tree) return {};
    Writer writer;
    walk(
        tree->document(), [&](const GumboNode& node) { writer.enter(node); },
        [&](const GumboNode& node) { writer.leave(node); });
    return std::move(writer).written();
}

}  // namespace inboxpro
