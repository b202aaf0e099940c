#pragma once
#include <atomic>
#include <optional>

#include "accounts/google_access.h"
#include "mailbox/listener.h"
#include "mailbox/mailbox.h"
#include "mailbox/rules.h"

namespace inboxpro {

/// Follows what happens in users' mailboxes by Gmail's history and tells the listeners. Polling is the base; hints only
/// make it sooner. Any node may do any look: it is claimed in the store. The place in the history moves only after
/// every listener has taken what came before it.
/// Thread-safe, except that listeners are added before anything else. Keeps references to what it is built from.
class Follower {
  public:
    struct Settings {
        PollPace pace;
        std::string topic;  ///< Pub/Sub topic that mailboxes are watched to; empty: none is watched.
        /// Told of looks that could not be finished, for the log; may be empty.
        std::function<void(AccountId, const Error&)> on_failure = {};
    };
    /// Since the start of this node, except what stands.
    struct Figures {
        std::uint64_t looks = 0;
        std::uint64_t changes = 0;
        std::uint64_t resyncs = 0;
        std::uint64_t failed = 0;
        std::uint64_t hints = 0;
        std::int64_t followed = 0;  ///< Stands: of all nodes at the last adopt(), and what this one changed since.
        std::int64_t parked = 0;    ///< The same.
    };

    Follower(Settings settings, Mailboxes& mailboxes, GoogleAccess& google, Accounts& accounts, const Clock& clock,
             Random& random);

    /// `listener` must outlive this.
    void tell(MailboxListener& listener) { listeners_.push_back(&listener); }

    /// Accounts that need a look now, of all nodes, at most `limit`.
    Task<Result<std::vector<AccountId>>> due(std::size_t limit);
    /// One bounded turn in one mailbox, if it is due. Safe to call for the same account from several nodes: one wins,
    /// the others get `conflict`, which is no failure. What goes wrong at Google or with a listener is dealt with, and
    /// no error; an error is the store's.
    Task<Result<void>> look(AccountId account);

    /// The account is linked, or linked anew: it is followed from now on, or from where it was left.
    Task<Result<void>> follow(AccountId account);
    /// The account is about to be disconnected: its watch ends, if Google answers, and it is no longer followed.
    Task<Result<void>> leave(AccountId account);
    /// There is something to see, perhaps with this history id. Costs nothing when it is known already.
    Task<Result<void>> hint(AccountId account, std::uint64_t history_id = 0);
    /// Begins to follow active accounts that are not followed yet, and counts. Walks all accounts in bounded steps.
    Task<Result<void>> adopt();

    Figures figures() const;

  private:
    /// A mailbox on its way through a look.
    struct Turn {
        FollowedMailbox mailbox;
        bool more = false;  ///< There is more to read than one turn may.
        std::optional<Error> failure = {};
    };

    Task<Result<FollowedMailbox>> claim(AccountId account);
    Task<Turn> read(FollowedMailbox mailbox);
    Task<Turn> begin(FollowedMailbox mailbox);
    Task<Turn> read_history(FollowedMailbox mailbox);
    Task<Turn> begin_resync(FollowedMailbox mailbox);
    Task<Turn> read_recent(FollowedMailbox mailbox);
    Task<Result<bool>> is_older(AccountId account, std::string message_id, TimePoint since);
    Task<Result<void>> hand_over(AccountId account, std::vector<MailboxChange> changes);
    Task<FollowedMailbox> tend_watch(FollowedMailbox mailbox);
    Task<Result<GmailWatch>> watch(AccountId account);
    Task<Result<void>> stop_watch(AccountId account);

    FollowedMailbox settled(Turn turn);
    FollowedMailbox parked(FollowedMailbox mailbox);
    void count_unparked();
    Task<Result<void>> put_down(FollowedMailbox mailbox, TimePoint begun_at);
    bool has_time(const FollowedMailbox& mailbox) const;
    std::uint16_t dice();

    const Settings settings_;
    Mailboxes& mailboxes_;
    GoogleAccess& google_;
    Accounts& accounts_;
    const Clock& clock_;
    Random& random_;
    std::vector<MailboxListener*> listeners_;
    std::atomic<std::uint64_t> looks_ = 0, changes_ = 0, resyncs_ = 0, failed_ = 0, hints_ = 0;
    std::atomic<std::int64_t> followed_ = 0, parked_ = 0;
};

}  // namespace inboxpro
