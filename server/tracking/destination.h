#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace inboxpro {

/// Why a link target is not one that we track or redirect to; empty when it is. `url` is what a browser would follow:
/// outer white space, tabs and line ends already gone (see followed_by_browsers). One word:
///   empty, fragment, placeholder, relative, mailto, tel, scheme   no http or https link at all
///   no_host            http or https, but names no host ("http://", "http:example.org")
///   user_name          "https://bank.example@evil.example/" is a well-known disguise
///   backslash          browsers read it as a slash, other programs do not
///   control_character  could end a header field
///   too_long           the tracked link would not fit into a request line
std::optional<std::string_view> objection_to_destination(std::string_view url);

/// The text of an href as a browser follows it: outer spaces and control characters, and tabs and line ends anywhere,
/// are dropped (WHATWG URL standard, section 4.4). Nothing else is changed.
std::string followed_by_browsers(std::string_view href);

}  // namespace inboxpro
