#pragma once
#include <string_view>

namespace inboxpro {

/// Whether a link's whole visible text is itself a web address or a domain name: "https://bank.example/login",
/// "www.bank.example", "bank.example/login". A link that leads elsewhere than it says looks like phishing.
bool is_shown_address(std::string_view visible_text);

}  // namespace inboxpro
