#pragma once
#include <optional>
#include <string>
#include <vector>

#include "store/documents.h"

namespace inboxpro {

/// How far a user's Gmail has been followed. There is one for each linked account, with the account's id.
struct FollowedMailbox {
    enum class State : std::uint8_t {
        following = 1,
        parked = 2  ///< Google refuses us: tried again once an hour, or at once when the account is linked anew.
    };
    /// What is left of reading the recent messages anew.
    struct Resync {
        std::uint64_t history_id = 0;  ///< Where following goes on afterwards.
        TimePoint begun_at;
        TimePoint since;        ///< What is older was told already.
        std::size_t label = 0;  ///< Which of the labels is being read.
        std::string page;       ///< Where in it; empty: at its newest message.
    };
    /// Google's promise to publish changes to a Pub/Sub topic.
    struct Watch {
        std::string topic;
        TimePoint expires_at;
    };
    /// Somebody said that there is something to see.
    struct Hint {
        TimePoint at;
        std::uint64_t history_id = 0;  ///< Of the change; 0 when not known.
    };

    AccountId account;
    std::uint64_t version = 0;
    State state = State::following;
    TimePoint due_at;              ///< When to look next; while somebody looks, the end of the lease.
    std::int64_t epoch = 0;        ///< Grows with every claim: a late write of an older claim is refused.
    TimePoint leased_until;        ///< Past: nobody looks.
    std::uint64_t history_id = 0;  ///< Everything up to here was handed over; 0: following has not begun.
    TimePoint looked_at;           ///< When Gmail last answered.
    TimePoint caught_up_at;        ///< When a look last left nothing unread.
    TimePoint active_at;           ///< When something last happened.
    TimePoint not_before;          ///< No hint makes it due earlier.
    int misses = 0;                ///< Failed looks in a row.
    std::optional<Hint> hint;      ///< Not answered by a look yet.
    TimePoint resynced_at;         ///< When the last full read began.
    std::optional<Resync> resync;  ///< While Gmail's history is read around.
    std::optional<Watch> watch;    ///< While Google publishes to us.
    TimePoint watch_due_at;        ///< When to ask for, or renew, the watch.
};

/// Collection "mailboxes": id = account id.
extern const Collection kMailboxes;

/// The mailboxes that are kept. Every write is a compare-and-set on `version`.
class Mailboxes {
  public:
    explicit Mailboxes(Documents& documents) : documents_(documents) {}

    /// `conflict` when the account has one, `not_found` when the account's key is gone.
    Task<Result<void>> add(FollowedMailbox mailbox);
    /// `not_found`; `corrupt`.
    Task<Result<FollowedMailbox>> get(AccountId account);
    /// Accounts whose mailbox is to be looked at, the longest waiting first.
    Task<Result<std::vector<AccountId>>> due(TimePoint now, std::size_t limit);
    /// Returns it with the new version; `conflict` when somebody was faster, `not_found` when it is not followed.
    Task<Result<FollowedMailbox>> update(FollowedMailbox mailbox);
    Task<Result<void>> remove(AccountId account);
    Task<Result<std::size_t>> count(FollowedMailbox::State state);

  private:
    Documents& documents_;
};

}  // namespace inboxpro
