#include "tracking/rewriting/html_survey.h"

#include <algorithm>
#include <map>

#include "mail/html_tree.h"
#include "tracking/rewriting/html_skim.h"
#include "tracking/rewriting/shown_address.h"

namespace inboxpro {
namespace {

// Parsed behind the HTML to learn in which state the HTML ends: only where an image may stand it becomes one. It also
// closes a tag or a quoted value that is still open, which then reaches from the HTML into the probe.
constexpr std::string_view kProbe = "<img>'>\">";
constexpr int kPlacesTried = 4;

bool is_one_of(const GumboNode& node, std::initializer_list<GumboTag> tags) {
    return is_element(node) && std::ranges::find(tags, node.v.element.tag) != tags.end();
}

bool is_never_shown(const GumboNode& node) {
    return is_one_of(node,
                     {GUMBO_TAG_STYLE, GUMBO_TAG_SCRIPT, GUMBO_TAG_TITLE, GUMBO_TAG_TEXTAREA, GUMBO_TAG_TEMPLATE});
}

/// Elements of HTML (not of SVG) in which an image is text, or nothing.
bool hides_what_follows(const GumboNode& node) {
    return is_element(node) && node.v.element.tag_namespace == GUMBO_NAMESPACE_HTML &&
           (is_never_shown(node) || is_one_of(node, {GUMBO_TAG_SELECT, GUMBO_TAG_XMP, GUMBO_TAG_IFRAME,
                                                     GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_PLAINTEXT}));
}

/// Where the node's own text stands in the source; empty for what the parser added.
std::string_view source_of(const GumboNode& node) {
    if (is_element(node)) return view(node.v.element.original_tag);
    return node.type == GUMBO_NODE_DOCUMENT ? std::string_view{} : view(node.v.text.original_text);
}

bool is_before_value(char character) {
    return std::string_view{"= \t\r\n\f"}.contains(character);
}

class Surveyor {
  public:
    /// `probed` is the HTML with the probe behind it, and must outlive this.
    Surveyor(std::string_view probed, std::size_t html_size) : probed_(probed), html_size_(html_size) {}

    void enter(const GumboNode& node) {
        const std::string_view source = source_of(node);
        const std::size_t offset = source.empty() ? html_size_ : offset_of(source);
        if (is_never_shown(node)) ++unseen_;
        if (offset < html_size_ && offset + source.size() > html_size_) cut_before(node, offset);
        if (is_text(node)) {
            if (offset < html_size_ && unseen_ == 0) show(node.v.text.text);
        } else if (is_element(node)) {
            see_element(node, offset, source.size());
        }
    }

    void leave(const GumboNode& node) {
        if (is_never_shown(node)) --unseen_;
        if (is_one_of(node, {GUMBO_TAG_A}) && !open_links_.empty()) open_links_.pop_back();
    }

    HtmlSurvey found() && {
        HtmlSurvey survey;
        for (auto& [offset, seen] : links_) {
            seen.link.shows_address = is_shown_address(seen.visible_text);
            survey.links.push_back(std::move(seen.link));
        }
        for (auto& [offset, image] : images_) survey.images.push_back(std::move(image));
        if (body_end_)
            survey.end_of_body = body_end_;
        else if (probe_is_image_)
            // Before white space at the end: what stands at the end of a quoted-printable line does not count as text
            // (RFC 2045 6.7), and must not become it.
            survey.end_of_body = probed_.substr(0, html_size_).find_last_not_of(" \t\r\n") + 1;
        return survey;
    }

    /// A place before what keeps the probe from being an image.
    std::size_t cut() const {
        if (cut_ < html_size_) return cut_;
        const auto last_tag = probed_.substr(0, html_size_).rfind('<');
        return last_tag == std::string_view::npos ? 0 : last_tag;
    }

  private:
    struct SeenLink {
        HtmlSurvey::Link link;
        std::string visible_text;
    };

    std::size_t offset_of(std::string_view piece) const {
        return static_cast<std::size_t>(piece.data() - probed_.data());
    }

    /// For a node that reaches into the probe. Running text does so where half an end tag was passed over; the text of
    /// a style sheet and its like stays open together with its element.
    void cut_before(const GumboNode& node, std::size_t offset) {
        if (!is_text(node))
            cut_ = std::min(cut_, offset);
        else if (node.parent != nullptr && hides_what_follows(*node.parent) && !source_of(*node.parent).empty())
            cut_ = std::min(cut_, offset_of(source_of(*node.parent)));
    }

    void show(std::string_view text) {
        if (!open_links_.empty() && open_links_.back() != nullptr) open_links_.back()->visible_text += text;
    }

    void see_element(const GumboNode& node, std::size_t offset, std::size_t size) {
        const bool is_whole = offset + size <= html_size_ && size > 0;
        if (is_one_of(node, {GUMBO_TAG_BR})) show(" ");
        if (is_one_of(node, {GUMBO_TAG_A})) open_links_.push_back(is_whole ? see_link(node, offset) : nullptr);
        if (is_one_of(node, {GUMBO_TAG_AREA}) && is_whole) see_link(node, offset);
        if (is_one_of(node, {GUMBO_TAG_IMG})) see_image(node, offset, size);
        const std::string_view end_tag = view(node.v.element.original_end_tag);
        if (is_one_of(node, {GUMBO_TAG_BODY}) && !end_tag.empty() && offset_of(end_tag) < html_size_)
            body_end_ = offset_of(end_tag);
        if (is_whole && end_tag.empty() && hides_what_follows(node)) cut_ = std::min(cut_, offset);
    }

    /// Null without a href. A tag that the parser repeats is the same link.
    SeenLink* see_link(const GumboNode& node, std::size_t offset) {
        const GumboAttribute* href = attribute_of(node, "href");
        if (href == nullptr) return nullptr;
        const auto [place, is_new] = links_.try_emplace(offset);
        if (is_new) place->second.link.href = value_of(*href);
        return &place->second;
    }

    void see_image(const GumboNode& node, std::size_t offset, std::size_t size) {
        const GumboAttribute* source = attribute_of(node, "src");
        if (offset == html_size_ && size > 0) probe_is_image_ = unseen_ == 0;
        if (source != nullptr && offset + size <= html_size_)
            images_.try_emplace(offset, HtmlSurvey::Image{.offset = offset, .length = size, .source = source->value});
    }

    AttributeValue value_of(const GumboAttribute& attribute) const {
        std::string_view raw = view(attribute.original_value);
        // Gumbo leaves out a character reference that an unquoted value begins with.
        while (!raw.empty() && offset_of(raw) > 0 && !is_before_value(probed_[offset_of(raw) - 1]))
            raw = probed_.substr(offset_of(raw) - 1, raw.size() + 1);
        AttributeValue value{.offset = 0, .length = 0, .quote = 0, .text = attribute.value};
        if (raw.size() >= 2 && (raw.front() == '"' || raw.front() == '\'') && raw.back() == raw.front()) {
            value.quote = raw.front();
            raw = raw.substr(1, raw.size() - 2);
        }
        value.offset = raw.empty() ? 0 : offset_of(raw);
        value.length = raw.size();
        return value;
    }

    std::string_view probed_;
    std::size_t html_size_;
    std::map<std::size_t, SeenLink> links_;
    std::map<std::size_t, HtmlSurvey::Image> images_;
    std::vector<SeenLink*> open_links_;
    std::optional<std::size_t> body_end_;
    bool probe_is_image_ = false;
    std::size_t cut_ = std::string_view::npos;
    int unseen_ = 0;
};

}  // namespace

Result<HtmlSurvey> survey_html(std::string_view html) {
    if (auto skimmed = skim_html(html)) return *std::move(skimmed);
    return survey_tree(html);
}

Result<HtmlSurvey> survey_tree(std::string_view html) {
    HtmlSurvey survey;
    std::size_t size = html.size();
    for (int place = 0; place < kPlacesTried; ++place) {
        std::string probed{html.substr(0, size)};
        probed += kProbe;
        const HtmlTree tree = TRY(HtmlTree::parse(probed));
        Surveyor surveyor{probed, size};
        walk(
            tree.document(), [&](const GumboNode& node) { surveyor.enter(node); },
            [&](const GumboNode& node) { surveyor.leave(node); });
        const std::size_t cut = surveyor.cut();
        HtmlSurvey seen = std::move(surveyor).found();
        const auto end_of_body = seen.end_of_body;
        if (place == 0) survey = std::move(seen);
        survey.end_of_body = end_of_body;
        if (end_of_body || cut >= size) break;
        size = cut;
    }
    return survey;
}

}  // namespace inboxpro
