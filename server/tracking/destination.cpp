#include "tracking/destination.h"

#include <algorithm>

#include "mail/structure.h"

namespace inboxpro {
namespace {

// Sealing and base64url make 4 bytes of 3, and request lines end at 8 KiB (security QE2).
constexpr std::size_t kLongestDestination = 5'800;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";

bool is_control(char character) {
    return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
}

/// In lower case; empty when the text begins with no scheme.
std::string scheme_of(std::string_view url) {
    const auto colon = url.find(':');
    if (colon == std::string_view::npos) return {};
    std::string scheme = lower_case(url.substr(0, colon));
    const bool plain = scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") == std::string::npos;
    if (scheme.empty() || !plain || kLetters.find(scheme.front()) == std::string_view::npos) return {};
    return scheme;
}

bool looks_like_placeholder(std::string_view url) {
    static constexpr std::string_view kOpenings[] = {"{", "[", "*|", "%", "${", "<", "#{"};
    return std::ranges::any_of(kOpenings, [&](std::string_view opening) { return url.starts_with(opening); });
}

std::optional<std::string_view> objection_to_web_address(std::string_view behind_scheme, std::string_view url) {
    if (std::ranges::any_of(url, is_control)) return "control_character";
    if (url.find('\\') != std::string_view::npos) return "backslash";
    if (!behind_scheme.starts_with("//")) return "no_host";
    const std::string_view authority = behind_scheme.substr(2, behind_scheme.find_first_of("/?#", 2) - 2);
    if (authority.find('@') != std::string_view::npos) return "user_name";
    if (authority.empty() || authority.front() == ':') return "no_host";
    if (url.size() > kLongestDestination) return "too_long";
    return {};
}

}  // namespace

std::optional<std::string_view> objection_to_destination(std::string_view url) {
    if (url.empty()) return "empty";
    if (looks_like_placeholder(url)) return "placeholder";
    if (url.front() == '#') return "fragment";
    const std::string scheme = scheme_of(url);
    if (scheme.empty()) return "relative";
    if (scheme == "mailto") return "mailto";
    if (scheme == "tel") return "tel";
    if (scheme != "http" && scheme != "https") return "scheme";
    return objection_to_web_address(url.substr(scheme.size() + 1), url);
}

std::string followed_by_browsers(std::string_view href) {
    const auto is_outer = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!href.empty() && is_outer(href.front())) href.remove_prefix(1);
    while (!href.empty() && is_outer(href.back())) href.remove_suffix(1);
    std::string out{href};
    std::erase_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    return out;
}

}  // namespace inboxpro
