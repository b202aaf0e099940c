#pragma once
#include <boost/json/object.hpp>
#include <expected>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "base/random.h"

namespace inboxpro::sandbox::people {

/// One person in a list of contacts.
struct Contact {
    std::string id;                   ///< "c" and 19 digits.
    boost::json::object fields;       ///< By the names that Person gives them: {"names":[…],"emailAddresses":[…]}.
    std::uint64_t version = 0;        ///< Grows with every change in the list.
    std::uint64_t first_version = 0;  ///< The one it was created with.
    TimePoint created_at{};
    TimePoint changed_at{};
    bool deleted = false;  ///< Then without fields.

    /// Both change whenever the contact does: the person's, and the contact source's that an update must repeat.
    std::string etag() const;
    std::string source_etag() const;
};

enum class UpdateRefusal { not_found, stale };

/// Contacts and the order in which they changed. Thread-safe.
class ContactList {
  public:
    ContactList(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    Contact add(const boost::json::object& fields);
    std::optional<Contact> find(std::string_view id) const;  ///< Not the deleted.
    /// Puts these fields in the place of what was there (an empty list: removes), when the contact still has this
    /// source etag.
    std::expected<Contact, UpdateRefusal> update(std::string_view id, std::string_view source_etag,
                                                 const boost::json::object& fields);
    bool erase(std::string_view id);

    /// All, with the deleted, by version.
    std::vector<Contact> changes() const;
    /// Whether somebody here has this address; case does not count.
    bool has_address(std::string_view address) const;

    /// Brings what a search looks at up to date: Google searches a copy, which an empty query renews.
    void warm_up();
    /// What the last warm_up() found, in the order of creation; empty before the first.
    std::vector<Contact> warmed() const;

  private:
    void touch(Contact& contact);
    void count_addresses(const Contact& contact, bool added);

    const Clock& clock_;
    Random& random_;
    mutable std::mutex mutex_;
    std::map<std::string, Contact, std::less<>> by_id_;
    std::multiset<std::string, std::less<>> addresses_;
    std::vector<Contact> warmed_;
    std::uint64_t last_version_ = 0;
};

/// What a user knows of other people: the contacts, and those whom Gmail noted by itself.
struct AddressBook {
    ContactList contacts;
    ContactList others;

    AddressBook(const Clock& clock, Random& random) : contacts(clock, random), others(clock, random) {}
    /// The user wrote to this address: notes it among the others, unless it is known already. Thread-safe.
    void collect(std::string_view name, std::string_view address);

  private:
    std::mutex collecting_;
};

}  // namespace inboxpro::sandbox::people
