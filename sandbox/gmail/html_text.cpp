#include "sandbox/gmail/html_text.h"

#include <array>
#include <utility>

#include "http/server/text.h"

namespace inboxpro::sandbox::gmail {
namespace {

constexpr std::size_t kSnippetBytes = 200;
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntities = {
    {{"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};

bool starts_with_tag(std::string_view text, std::string_view tag) {
    return text.size() >= tag.size() && http::same_ignoring_case(text.substr(0, tag.size()), tag);
}

/// How much of `html`, which begins with "<", is markup and not text.
std::size_t markup_length(std::string_view html) {
    const auto until = [&](std::string_view end) {
        const auto found = html.find(end);
        return found == std::string_view::npos ? html.size() : found + end.size();
    };
    if (html.starts_with("<!--")) return until("-->");
    for (std::string_view hidden : {"style", "script", "title"}) {
        if (!starts_with_tag(html.substr(1), hidden)) continue;
        for (std::size_t at = 1; at + hidden.size() + 2 <= html.size(); ++at)
            if (html.substr(at).starts_with("</") && starts_with_tag(html.substr(at + 2), hidden)) return at;
        return html.size();
    }
    return until(">");
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Without a cut-off UTF-8 sequence at its end.
void shorten(std::string& text, std::size_t size) {
    if (text.size() <= size) return;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    text.resize(size);
}

}  // namespace

std::string without_tags(std::string_view html) {
    std::string text;
    while (!html.empty()) {
        if (html.front() == '<') {
            html.remove_prefix(markup_length(html));
            text.push_back(' ');
            continue;
        }
        if (html.front() != '&') {
            const auto run = html.substr(0, html.find_first_of("<&"));
            text.append(run);
            html.remove_prefix(run.size());
            continue;
        }
        std::size_t length = 1;
        std::string_view replaced = html.substr(0, 1);
        for (const auto& [entity, character] : kEntities) {
            if (!html.starts_with(entity)) continue;
            replaced = character;
            length = entity.size();
        }
        text.append(replaced);
        html.remove_prefix(length);
    }
    return text;
}

std::string snippet_of(std::string_view text) {
    std::string joined;
    for (char c : text) {
        if (joined.size() > kSnippetBytes) break;
        if (!is_space(c))
            joined.push_back(c);
        else if (!joined.empty() && joined.back() != ' ')
            joined.push_back(' ');
    }
    shorten(joined, kSnippetBytes);
    std::string escaped;
    for (char c : http::trimmed(joined)) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            case '\'': escaped += "&#39;"; break;
            default: escaped.push_back(c);
        }
    }
    return escaped;
}

}  // namespace inboxpro::sandbox::gmail
