#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace inboxpro::http {

/// ASCII only, as HTTP compares names.
bool same_ignoring_case(std::string_view a, std::string_view b);
std::string lower_case(std::string_view text);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
/// What stands before the first `end`, or all; `rest` becomes what follows it.
std::string_view take_until(std::string_view& rest, char end);

/// A character of a field name or method (RFC 9110 5.6.2).
bool is_token_char(char c);
bool is_token(std::string_view text);
/// NUL to 0x1F and 0x7F, without the tab.
bool is_control(char c);
bool is_utf8(std::string_view text);

/// "%41" becomes "A", with `plus_is_space` also "+" a space. Empty when a percent sign is not followed by two
/// hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

}  // namespace inboxpro::http
