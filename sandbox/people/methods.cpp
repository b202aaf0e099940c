#include "sandbox/people/methods.h"

#include <array>

namespace inboxpro::sandbox::people {
namespace {

using enum http::Method;

// Groups of methods with the same scopes, as people.v1.json lists them; a test compares.
constexpr std::string_view kChanging = "contacts";
constexpr std::string_view kReading = "contacts contacts.readonly";
constexpr std::string_view kOtherReading = "contacts.other.readonly";
constexpr std::string_view kCopying = "contacts contacts.other.readonly";
constexpr std::string_view kPerson =
    "contacts contacts.other.readonly contacts.readonly directory.readonly user.addresses.read user.birthday.read "
    "user.emails.read user.gender.read user.organization.read user.phonenumbers.read userinfo.email userinfo.profile";

constexpr auto kMethods = std::to_array<ApiMethod>({
    {"people.people.createContact", post, "/v1/people:createContact", false, kChanging, 0},
    {"people.people.get", get, "/v1/people/{peopleId}", false, kPerson, 0},
    {"people.people.updateContact", patch, "/v1/people/{peopleId}:updateContact", false, kChanging, 0},
    {"people.people.deleteContact", del, "/v1/people/{peopleId}:deleteContact", false, kChanging, 0},
    {"people.people.connections.list", get, "/v1/people/{peopleId}/connections", false, kReading, 0},
    {"people.people.searchContacts", get, "/v1/people:searchContacts", false, kReading, 0},
    {"people.otherContacts.list", get, "/v1/otherContacts", false, kOtherReading, 0},
    {"people.otherContacts.search", get, "/v1/otherContacts:search", false, kOtherReading, 0},
    {"people.otherContacts.copyOtherContactToMyContactsGroup", post,
     "/v1/otherContacts/{otherContactsId}:copyOtherContactToMyContactsGroup", false, kCopying, 0},
});

}  // namespace

std::span<const ApiMethod> methods() {
    return kMethods;
}

}  // namespace inboxpro::sandbox::people
