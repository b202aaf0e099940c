#include "tracking/rewriting/html_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "tracking/destination.h"
#include "tracking/rewriting/charset.h"

namespace inboxpro {
namespace {

bool is_unicode(std::string_view charset) {
    return charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii";
}

bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<signed char>(c) < 0; });
}

/// Browsers keep them and encode them; Gumbo puts a replacement in their place.
bool has_control_character(std::string_view raw) {
    return std::ranges::any_of(raw, [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 &&
                std::string_view{"\t\n\f\r"}.find(c) == std::string_view::npos) ||
               c == 0x7f;
    });
}

/// What the href says in UTF-8. Gumbo read its bytes as UTF-8; where they are of another charset, and matter, they are
/// read again.
std::string decoded(const AttributeValue& href, std::string_view html, std::string_view charset) {
    const std::string_view raw = html.substr(href.offset, href.length);
    if (is_ascii(raw) || is_unicode(charset)) return href.text;
    const auto utf8 = to_utf8(raw, charset);
    if (!utf8) return href.text;
    const char quote = href.quote == 0 ? '"' : href.quote;
    std::string value = *utf8;
    if (href.quote == 0)
        for (auto at = value.find('"'); at != std::string::npos; at = value.find('"', at))
            value.replace(at, 1, "&quot;");
    const auto survey = survey_html(fmt::format("<a href={0}{1}{0}>", quote, value));
    return survey && survey->links.size() == 1 ? survey->links[0].href.text : href.text;
}

/// The URL as it can stand between these quotes (0: none).
std::string escaped(std::string_view url, char quote) {
    if (url.find_first_of("& \"'<>`") == std::string_view::npos) return std::string{url};
    std::string out;
    for (char character : url) {
        const bool ends_value =
            quote == 0 ? std::string_view{" \"'<>`"}.find(character) != std::string_view::npos : character == quote;
        if (character == '&')
            out += "&amp;";
        else if (ends_value)
            out += fmt::format("&#{};", static_cast<int>(character));
        else
            out.push_back(character);
    }
    return out;
}

}  // namespace

Result<std::vector<Edit>> HtmlChanges::in(std::string_view html, std::string_view charset, bool is_last) {
    const HtmlSurvey survey = TRY(survey_html(html));
    std::vector<Edit> edits;
    for (const auto& link : survey.links)
        if (auto edit = change_of(link, html, charset)) edits.push_back(std::move(*edit));
    for (const auto& image : survey.images)
        if (is_our_pixel(image.source)) edits.push_back({.offset = image.offset, .length = image.length, .text = ""});
    if (is_last && survey.end_of_body) {
        report_.pixel = options_.track.opens;
        edits.push_back({.offset = *survey.end_of_body,
                         .length = 0,
                         .text = options_.note + (options_.track.opens ? pixel() : std::string{})});
    }
    std::ranges::sort(edits, {}, [](const Edit& edit) { return std::pair{edit.offset, edit.length}; });
    return edits;
}

std::optional<Edit> HtmlChanges::change_of(const HtmlSurvey::Link& link, std::string_view html,
                                           std::string_view charset) {
    const std::string href = decoded(link.href, html, charset);
    const std::string url = followed_by_browsers(href);
    const auto edit = [&](std::string_view text) {
        return Edit{.offset = link.href.offset, .length = link.href.length, .text = escaped(text, link.href.quote)};
    };
    if (auto destination = restored(url)) {
        report_.skipped.push_back({.href = url, .why = "own_link"});
        if (is_ascii(*destination) || is_unicode(charset)) return edit(*destination);
        const auto own = from_utf8(*destination, charset, {});
        return own ? std::optional{edit(*own)} : std::nullopt;
    }
    if (!options_.track.clicks) return {};
    if (const auto why = objection_to(url, link, html.substr(link.href.offset, link.href.length))) {
        report_.skipped.push_back({.href = href, .why = std::string{*why}});
        return {};
    }
    return edit(tracked_link(url));
}

std::optional<std::string_view> HtmlChanges::objection_to(std::string_view url, const HtmlSurvey::Link& link,
                                                          std::string_view raw) const {
    if (url.starts_with(options_.origin + "/")) return "own_link";
    if (const auto why = objection_to_destination(url)) return why;
    if (has_control_character(raw)) return "control_character";
    if (options_.leave_links_that_show_their_url && link.shows_address) return "shows_its_url";
    if (report_.links > std::numeric_limits<std::uint16_t>::max()) return "too_many";
    return {};
}

std::optional<std::string> HtmlChanges::restored(std::string_view url) const {
    const std::string start = options_.origin + "/c/";
    if (!url.starts_with(start)) return {};
    auto opened = open_token(sealer_, TrackingToken::Kind::click, url.substr(start.size()));
    if (!opened) return {};
    return std::move(opened->destination);
}

/// As we wrote it, or behind a "#" where an image proxy (Gmail's) quotes what it fetched.
bool HtmlChanges::is_our_pixel(std::string_view source) const {
    const std::string ours = options_.origin + "/o/";
    const auto behind_proxy = source.rfind('#');
    return source.starts_with(ours) ||
           (behind_proxy != std::string_view::npos && source.substr(behind_proxy + 1).starts_with(ours));
}

std::string HtmlChanges::tracked_link(std::string destination) {
    TrackingToken click = token(TrackingToken::Kind::click);
    click.link = static_cast<std::uint16_t>(report_.links++);
    click.destination = std::move(destination);
    return fmt::format("{}/c/{}", options_.origin, seal_token(sealer_, click));
}

/// Out of the flow, without a size of its own, and with nothing to read aloud. Gmail drops `display:none` images and
/// positions, but keeps floats and opacity.
std::string HtmlChanges::pixel() const {
    return fmt::format(
        R"(<img src="{}/o/{}.gif" width="1" height="1" alt="" style="float:right;width:1px;height:1px;border:0;opacity:0">)",
        options_.origin, seal_token(sealer_, token(TrackingToken::Kind::open)));
}

TrackingToken HtmlChanges::token(TrackingToken::Kind kind) const {
    TrackingToken token;
    token.kind = kind;
    token.account = options_.account;
    token.message = options_.message;
    token.recipient = options_.recipient;
    token.address_policy = options_.address_policy;
    return token;
}

}  // namespace inboxpro
