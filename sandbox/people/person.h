#pragma once
#include <boost/json/object.hpp>

#include "sandbox/people/address_book.h"
#include "sandbox/people/fields.h"

namespace inboxpro::sandbox {
struct User;
}

namespace inboxpro::sandbox::people {

enum class Source { contact, other_contact };

/// The Person of a contact, with these fields and no others besides resourceName and etag.
boost::json::object to_person(const Contact& contact, Source source, const Mask& mask);
/// The Person of the user: what the own profile says. The address needs a scope of its own.
boost::json::object to_person(const User& user, bool with_address, const Mask& mask);

/// "Ada King Lovelace": what Google makes of the parts of a name, or of the name as somebody wrote it. Both are empty
/// when the contact has no name.
struct FullName {
    std::string given, family, display, display_last_first;
};
FullName full_name(const boost::json::object& name);
/// The first name of a contact; an empty object when it has none.
boost::json::object name_of(const Contact& contact);

}  // namespace inboxpro::sandbox::people
