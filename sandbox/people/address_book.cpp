#include "sandbox/people/address_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/bytes.h"
#include "http/server/text.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

std::string new_id(Random& random) {
    const auto bytes = random.bytes(8);
    BytesView view = bytes;
    return fmt::format("c{:019}", take_u64(view).value() % 10'000'000'000'000'000'000U);
}

bool is_empty(const json::value& value) {
    return value.is_null() || (value.is_array() && value.get_array().empty());
}

}  // namespace

std::string Contact::etag() const {
    return "%EgUBAgMFLhoE" + base64(fmt::format("{}.{}", id, version));
}

std::string Contact::source_etag() const {
    return "#" + base64(fmt::format("{}.{}", version, id));
}

void ContactList::touch(Contact& contact) {
    contact.version = ++last_version_;
    contact.changed_at = clock_.now();
}

void ContactList::count_addresses(const Contact& contact, bool added) {
    const auto* list = contact.fields.if_contains("emailAddresses");
    if (list == nullptr) return;
    for (const auto& entry : list->as_array()) {
        auto address = http::lower_case(text_in(entry.as_object(), "value"));
        if (added)
            addresses_.insert(std::move(address));
        else if (const auto found = addresses_.find(address); found != addresses_.end())
            addresses_.erase(found);
    }
}

Contact ContactList::add(const json::object& fields) {
    const std::lock_guard lock(mutex_);
    auto id = new_id(random_);
    while (by_id_.contains(id)) id = new_id(random_);
    auto& contact = by_id_.emplace(id, Contact{.id = id}).first->second;
    for (const auto& [name, value] : fields)
        if (!is_empty(value)) contact.fields[name] = value;
    touch(contact);
    contact.created_at = contact.changed_at;
    contact.first_version = contact.version;
    count_addresses(contact, true);
    return contact;
}

std::optional<Contact> ContactList::find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.deleted) return {};
    return found->second;
}

std::expected<Contact, UpdateRefusal> ContactList::update(std::string_view id, std::string_view source_etag,
                                                          const json::object& fields) {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.deleted) return std::unexpected(UpdateRefusal::not_found);
    auto& contact = found->second;
    if (contact.source_etag() != source_etag) return std::unexpected(UpdateRefusal::stale);
    count_addresses(contact, false);
    for (const auto& [name, value] : fields) {
        if (is_empty(value))
            contact.fields.erase(name);
        else
            contact.fields[name] = value;
    }
    count_addresses(contact, true);
    touch(contact);
    return contact;
}

bool ContactList::erase(std::string_view id) {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end() || found->second.deleted) return false;
    count_addresses(found->second, false);
    found->second.fields.clear();
    found->second.deleted = true;
    touch(found->second);
    return true;
}

std::vector<Contact> ContactList::changes() const {
    std::vector<Contact> all;
    const std::lock_guard lock(mutex_);
    all.reserve(by_id_.size());
    for (const auto& [id, contact] : by_id_) all.push_back(contact);
    std::ranges::sort(all, {}, &Contact::version);
    return all;
}

bool ContactList::has_address(std::string_view address) const {
    const std::lock_guard lock(mutex_);
    return addresses_.contains(http::lower_case(address));
}

void ContactList::warm_up() {
    const std::lock_guard lock(mutex_);
    warmed_.clear();
    for (const auto& [id, contact] : by_id_)
        if (!contact.deleted) warmed_.push_back(contact);
    std::ranges::sort(warmed_, {}, &Contact::first_version);
}

std::vector<Contact> ContactList::warmed() const {
    const std::lock_guard lock(mutex_);
    return warmed_;
}

void AddressBook::collect(std::string_view name, std::string_view address) {
    const std::lock_guard lock(collecting_);
    if (contacts.has_address(address) || others.has_address(address)) return;
    json::object fields;
    fields["emailAddresses"] = json::array{json::object{{"value", address}}};
    if (!name.empty()) fields["names"] = json::array{json::object{{"unstructuredName", name}}};
    others.add(fields);
}

}  // namespace inboxpro::sandbox::people
