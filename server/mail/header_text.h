#pragma once
#include <string>
#include <string_view>

#include "mail/mail.h"

namespace inboxpro {

/// "Name: value\r\n", folded to at most 998 bytes a line (RFC 5322 section 2.1.1); what is not plain text goes into
/// encoded words (RFC 2047). `invalid` naming the field for CR, LF, NUL or broken UTF-8 in the value, or a name that is
/// none.
Result<std::string> header_line(std::string_view name, std::string_view value);

/// "Name: Ada <ada@example.org>,\r\n bob@example.org\r\n". `invalid` as above, and for an address that is none; `field`
/// is what the error names. Outer white space of a name is dropped.
Result<std::string> address_line(std::string_view header, const std::vector<Mailbox>& mailboxes,
                                 std::string_view field);

/// `invalid` naming the field when the text cannot stand in a header.
Result<void> check_header_value(std::string_view field, std::string_view value);

bool is_utf8(std::string_view text);

}  // namespace inboxpro
