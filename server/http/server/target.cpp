#include <algorithm>

#include "http/server/head.h"
#include "http/server/text.h"

namespace inboxpro::http {

namespace {

constexpr Refusal kBadPath{400, "The path is not a plain path."};

/// Dots as a segment would climb; an empty first segment would make a second host of a redirect.
bool is_plain(std::string_view path) {
    if (path.starts_with("//")) return false;
    for (auto at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
        const auto segment = path.substr(at + 1, path.find('/', at + 1) - at - 1);
        if (segment == "." || segment == "..") return false;
    }
    return true;
}

std::optional<Refusal> read_path(std::string_view raw, Request& out) {
    if (std::ranges::any_of(raw, [](char c) { return std::string_view("\"#<>\\").contains(c); })) return kBadPath;
    if (!raw.contains('%')) {
        out.path = raw;
    } else {
        // An encoded slash would be a part of one segment, which a decoded path cannot say.
        if (lower_case(raw).contains("%2f")) return kBadPath;
        auto decoded = percent_decoded(raw, false);
        if (!decoded || std::ranges::any_of(*decoded, [](char c) { return is_control(c) || c == '\t' || c == '\\'; }) ||
            !is_utf8(*decoded))
            return kBadPath;
        out.path = std::move(*decoded);
    }
    return is_plain(out.path) ? std::nullopt : std::optional(kBadPath);
}

std::string decoded_or_as_is(std::string_view text) {
    auto decoded = percent_decoded(text, true);
    return decoded ? std::move(*decoded) : std::string(text);
}

}  // namespace

std::optional<Refusal> read_target(std::string_view target, Request& out) {
    out.target = target;
    if (target == "*") {
        out.path = target;
        return std::nullopt;
    }
    auto query = target;
    if (auto refusal = read_path(take_until(query, '?'), out)) return refusal;
    if (query.contains('#')) return Refusal{400, "A fragment stays with the client."};
    while (!query.empty()) {
        auto value = take_until(query, '&');
        const bool blank = value.empty();
        const auto name = take_until(value, '=');
        if (!blank) out.query.emplace_back(decoded_or_as_is(name), decoded_or_as_is(value));
    }
    return std::nullopt;
}

}  // namespace inboxpro::http
