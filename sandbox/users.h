#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "sandbox/gmail/labels.h"
#include "sandbox/gmail/message_store.h"
#include "sandbox/gmail/settings.h"
#include "sandbox/people/address_book.h"

namespace inboxpro::sandbox {

/// An address that a user may send from, besides the own one.
struct Alias {
    std::string address;
    std::string name;
    bool verified = true;  ///< Gmail refuses to send from one whose verification is pending.
};

/// Somebody with an account.
struct User {
    const std::string address;
    const std::string name;
    const std::string subject;  ///< Google's stable id of the person: 21 digits.
    const std::vector<Alias> aliases;
    const std::string time_zone;  ///< Of the primary calendar.
    gmail::MessageStore mailbox;
    gmail::LabelBook labels;
    gmail::Settings settings;
    people::AddressBook contacts;

    User(std::string own_address, std::string own_name, std::vector<Alias> own_aliases, std::string own_time_zone,
         const Clock& clock, Random& random);
    std::string domain() const;
    /// Whether mail of this user may say so in From.
    bool may_send_as(std::string_view other) const;
};

/// All users. Thread-safe; users stay where they are until the end.
class Users {
  public:
    /// Is told of every change in a mailbox, while that mailbox is locked.
    using Listener = std::function<void(const User&, const gmail::HistoryRecord&)>;

    Users(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    /// For users that are added from then on.
    void set_listener(Listener listener) { listener_ = std::move(listener); }

    /// `invalid` for what is no address or no IANA time zone, `conflict` when somebody has the address already.
    Result<User*> add(std::string address, std::string name, std::vector<Alias> aliases = {},
                      std::string time_zone = "Etc/UTC");
    /// By address or alias, without regard to case; "ada+news@" is "ada@". Null when nobody has it.
    User* find(std::string_view address);
    User* by_subject(std::string_view subject);
    /// In the order they were added.
    std::vector<User*> all();
    /// Whether a user's own address lies there: mail to strangers at such a domain bounces.
    bool has_domain(std::string_view domain) const;

  private:
    const Clock& clock_;
    Random& random_;
    Listener listener_;
    mutable std::shared_mutex mutex_;
    std::deque<User> users_;
    std::map<std::string, User*, std::less<>> by_address_;
    std::set<std::string, std::less<>> domains_;
};

bool is_address(std::string_view text);
/// What follows the @, in lower case.
std::string domain_of(std::string_view address);

}  // namespace inboxpro::sandbox
