#include "google/people_answers.h"

#include "google/json_fields.h"

namespace inboxpro {
namespace {

using namespace fields;

namespace json = boost::json;

Result<Contact> contact_from(const json::object& from) {
    Contact contact{.id = TRY(needed(from, "resourceName")), .etag = text_in(from, "etag")};
    if (const auto names = objects_in(from, "names"); !names.empty()) {
        contact.given_name = text_in(*names.front(), "givenName");
        contact.family_name = text_in(*names.front(), "familyName");
        contact.display_name = text_in(*names.front(), "displayName");
    }
    for (const auto* address : objects_in(from, "emailAddresses"))
        if (auto value = text_in(*address, "value"); !value.empty()) contact.addresses.push_back(std::move(value));
    if (const auto* metadata = object_in(from, "metadata")) contact.is_deleted = flag_in(*metadata, "deleted");
    return contact;
}

}  // namespace

Result<Contact> read_contact(std::string_view body) {
    return contact_from(TRY(read_object(body)));
}

Result<ContactPage> read_contact_page(std::string_view body) {
    const auto root = TRY(read_object(body));
    ContactPage page{
        .contacts = {}, .next_page = text_in(root, "nextPageToken"), .sync_token = text_in(root, "nextSyncToken")};
    for (const auto* person : objects_in(root, "connections")) page.contacts.push_back(TRY(contact_from(*person)));
    return page;
}

Result<std::vector<Contact>> read_found_contacts(std::string_view body) {
    const auto root = TRY(read_object(body));
    std::vector<Contact> contacts;
    for (const auto* result : objects_in(root, "results"))
        if (const auto* person = object_in(*result, "person")) contacts.push_back(TRY(contact_from(*person)));
    return contacts;
}

}  // namespace inboxpro
