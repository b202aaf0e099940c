#pragma once
#include <string_view>
#include <vector>

#include "mail/mail.h"

namespace inboxpro {

/// All mailboxes of an address list (RFC 5322 section 3.4), those inside groups included, names decoded. What is no
/// address is left out. `invalid` for a list that only an attacker writes: thousands of groups inside each other.
Result<std::vector<Mailbox>> mailboxes_in(std::string_view list);

/// `invalid` unless it is a plain ASCII `local@domain` without quoting, at most 254 bytes (RFC 5321 section 4.5.3.1.3).
Result<void> check_address(std::string_view address);

}  // namespace inboxpro
