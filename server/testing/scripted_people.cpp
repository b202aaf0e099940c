#include <algorithm>
#include <charconv>

#include "testing/scripted_google.h"

namespace inboxpro::testing {
namespace {

constexpr std::size_t kMostFound = 30;

bool begins_with(const Contact& contact, const std::string& query) {
    const auto begins = [&](const std::string& text) { return text.starts_with(query); };
    return begins(contact.given_name) || begins(contact.family_name) || std::ranges::any_of(contact.addresses, begins);
}

// An empty query only fills Google's cache.
std::vector<Contact> found_in(const std::vector<Contact>& all, const std::string& query) {
    std::vector<Contact> found;
    for (const auto& contact : all)
        if (!query.empty() && found.size() < kMostFound && begins_with(contact, query)) found.push_back(contact);
    return found;
}

}  // namespace

Task<Result<Contact>> ScriptedGoogle::create_contact(Secret access_token, Contact contact) {
    CO_TRY(co_await arrive(Call::create_contact));
    auto* mailbox = CO_TRY(open(access_token, {scope::kContacts}));
    contact.id = next_id("people/c");
    contact.etag = next_id("etag");
    mailbox->contacts.push_back(contact);
    co_return leave<Contact>(Call::create_contact, std::move(contact));
}

Task<Result<ContactPage>> ScriptedGoogle::contacts(Secret access_token, std::string sync_token, std::string) {
    CO_TRY(co_await arrive(Call::contacts));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kContacts}));
    if (!sync_token.empty() && mailbox->contacts_forgotten) co_return fail(ErrorKind::not_found, "EXPIRED_SYNC_TOKEN");
    const auto& all = mailbox->contacts;
    std::size_t known = 0;
    std::from_chars(sync_token.data(), sync_token.data() + sync_token.size(), known);
    const auto first = static_cast<std::ptrdiff_t>(std::min(known, all.size()));
    co_return leave<ContactPage>(Call::contacts, ContactPage{.contacts = {all.begin() + first, all.end()},
                                                             .next_page = {},
                                                             .sync_token = std::to_string(all.size())});
}

Task<Result<std::vector<Contact>>> ScriptedGoogle::search_contacts(Secret access_token, std::string query) {
    CO_TRY(co_await arrive(Call::search_contacts));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kContacts}));
    co_return leave<std::vector<Contact>>(Call::search_contacts, found_in(mailbox->contacts, query));
}

Task<Result<std::vector<Contact>>> ScriptedGoogle::search_other_contacts(Secret access_token, std::string query) {
    CO_TRY(co_await arrive(Call::search_other_contacts));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kOtherContacts}));
    co_return leave<std::vector<Contact>>(Call::search_other_contacts, found_in(mailbox->other_contacts, query));
}

Task<Result<Contact>> ScriptedGoogle::copy_other_contact(Secret access_token, std::string id) {
    CO_TRY(co_await arrive(Call::copy_other_contact));
    auto* mailbox = CO_TRY(open(access_token, {scope::kContacts}));
    const auto found = std::ranges::find(mailbox->other_contacts, id, &Contact::id);
    if (found == mailbox->other_contacts.end()) co_return fail(ErrorKind::not_found, "notFound");
    auto contact = *found;
    contact.id = next_id("people/c");
    mailbox->contacts.push_back(contact);
    co_return leave<Contact>(Call::copy_other_contact, std::move(contact));
}

}  // namespace inboxpro::testing
