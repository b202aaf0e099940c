#pragma once
#include "google/people_api.h"

namespace inboxpro {

/// What the People API's answers say. `unavailable` for what cannot be read: the call may have had its effect.
Result<Contact> read_contact(std::string_view body);
Result<ContactPage> read_contact_page(std::string_view body);
Result<std::vector<Contact>> read_found_contacts(std::string_view body);

}  // namespace inboxpro
