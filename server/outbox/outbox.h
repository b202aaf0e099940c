#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "accounts/google_access.h"
#include "consent/consents.h"
#include "mail/mail.h"
#include "outbox/attempts.h"
#include "outbox/ledger.h"
#include "outbox/notices.h"
#include "outbox/rules.h"
#include "outbox/send.h"
#include "outbox/timing.h"
#include "tracking/messages.h"
#include "tracking/rewriting/rewrite.h"

namespace inboxpro {

/// A mail that somebody wants sent: written here, or whole as `raw`.
struct Submission {
    std::string from;  ///< Empty: the account's default alias. Only with `mail`.
    Mail mail;         ///< Its `from` is filled in from the alias.
    std::optional<Bytes> raw;
    std::string thread_id;  ///< Gmail's, for an answer; empty for a new conversation.
    TrackSwitches track;
    Timing timing = {};
    std::optional<MessageId> id = {};  ///< Under which it is to be kept; made here when empty.
};

struct Submitted {
    Message message;
    Send send;
};

/// Header field of a tracked mail that leads its recipient to the recipients' own page (docs/decisions/0010).
inline constexpr std::string_view kPrivacyHeader = "X-InboxPro-Privacy";

/// Sends mail once. A mail waits as a draft in its writer's own Gmail; only its draft id is kept here.
/// Thread-safe. Keeps references to what it is built from.
class Outbox {
  public:
    struct Settings {
        std::string tracking_origin;  ///< Without a slash at the end.
        AddressPolicy address_policy = AddressPolicy::truncated;
        std::function<void()> work_is_due;  ///< Called when something may be sent at once; may be empty.
        /// Awaited when a mail of the account went out; may be empty.
        std::function<Task<void>(AccountId)> sent = {};
        /// Called when the account was told of something that went wrong; may be empty.
        std::function<void(AccountId)> told = {};
    };

    Outbox(Settings settings, GoogleAccess& google, Accounts& accounts, Consents& consents, Messages& messages,
           Sends& sends, Ledger& ledger, Notices& notices, const Zones& zones, const TokenSealer& sealer,
           const Clock& clock, Random& random);

    /// Checks the mail and its sender, adds tracking as account, recipients and switches say, puts it into Gmail as a
    /// draft and records when it is to be sent. When this returns, the mail will go out or its writer will be told.
    /// Errors: `invalid` with a field, `denied` when the account must reconnect, `rate_limited`, `unavailable`. After
    /// an error the mail will not go out, and a draft that Gmail may have made of it is taken away: asking again is
    /// safe.
    Task<Result<Submitted>> submit(AccountId account, Submission submission);
    /// Takes back a mail that is certainly not out: erases its draft. `conflict` when it is too late.
    Task<Result<Submitted>> cancel(AccountId account, MessageId id);
    /// Sends a mail that waits for its time, or for its writer while its draft is still there. `conflict` otherwise.
    Task<Result<Submitted>> send_now(AccountId account, MessageId id);
    /// Gives such a mail another time. `conflict` as above; `invalid` as plan_for() says.
    Task<Result<Submitted>> reschedule(AccountId account, MessageId id, Timing timing);
    /// Puts another mail in its place while it waits: the draft is written anew and tracked as `submission` says; when
    /// it goes out stays. `conflict` when it is on its way; `unavailable` when it is not clear whether the change
    /// reached Gmail: then the mail waits for its writer. After any other error it is as it was.
    Task<Result<Submitted>> change(AccountId account, MessageId id, Submission submission);
    Task<Result<Send>> get(AccountId account, MessageId id) { return sends_.get(account, id); }
    /// Mail that is on its way, the first to go out first.
    Task<Result<std::vector<Send>>> waiting(AccountId account, std::size_t limit, std::optional<MessageId> after) {
        return sends_.waiting(account, limit, after);
    }
    /// What happened to it so far.
    Task<Result<std::vector<LedgerEntry>>> history(AccountId account, MessageId id) {
        return ledger_.of_message(account, id);
    }
    /// What went wrong and still is, the newest first; what is over is closed on the way.
    Task<Result<std::vector<Notice>>> notices(AccountId account, std::size_t limit, std::optional<RawId> after);
    /// Its user has seen it. `not_found`.
    Task<Result<void>> dismiss(AccountId account, RawId notice) { return notices_.close(account, notice); }

    /// Takes over what became of the rules of time zones while mail was waiting: what is wanted by a wall clock goes
    /// out when that clock shows it. Once after each start is enough, since a process keeps the rules it began with.
    /// Returns how many moved.
    Task<Result<std::size_t>> follow_zones();

    /// To be called before the sending rules of an account change, so that no change is missed should the process end.
    Task<Result<void>> rules_will_change(AccountId account);
    /// And after: what waits is planned anew in the background, from now on.
    Task<Result<void>> rules_changed(AccountId account);
    /// Accounts whose mail is to be planned anew; each takes a page of mail a step.
    Task<Result<std::vector<Replan>>> replans_due(std::size_t limit);
    /// Plans the next page anew. Nothing is written for mail that others saw to meanwhile, so `conflict` is no failure.
    Task<Result<void>> replan(Replan replan);

    /// After the account was connected again: what was held for that is taken up at once. Returns how many.
    Task<Result<std::size_t>> release(AccountId account);

    /// Sends that need attention now, at most `limit`, of all accounts. Unclear and held ones get a share only, so that
    /// neither an outage nor a dead grant keeps other mail waiting.
    Task<Result<std::vector<Send>>> due(std::size_t limit);
    /// Takes one of them a step further. Safe to call for the same send from several nodes: one wins, the others get
    /// `conflict`, which is no failure.
    Task<Result<Send>> advance(Send send);
    /// When the next mail goes out that waits for its time; empty when there is none.
    Task<Result<std::optional<TimePoint>>> next_due();

    /// Addresses the account may send from; the default one first.
    Task<Result<std::vector<SendAs>>> senders(AccountId account);

  private:
    Task<Result<SendAs>> sender_for(AccountId account, std::string address);
    Task<Result<Bytes>> written(AccountId account, Submission& submission);
    Task<Result<Rewritten>> tracked(const Account& account, Message& message, Bytes raw);
    Task<Result<GmailDraft>> draft_of(Send send, Bytes mail, std::string thread_id);
    Task<Result<Submitted>> stored(Message message, Send send);
    Task<void> take_draft_away(Send send);

    Task<Result<Submitted>> planned_anew(AccountId account, MessageId id, Timing timing, bool only_today);

    // When a mail may go out, and its place on that day (plan.cpp)
    using FullDays = std::set<SendingDay>;
    struct Slot {
        TimePoint at;
        std::optional<Place> place;
        std::optional<Send::PutOff> put_off;
    };
    /// The first slot from `at` on, whose place is taken, unless it is the day of `held`. Days with no place left are
    /// remembered in `full`, which must live as long.
    Task<Result<Slot>> slot_from(Account account, TimePoint at, bool in_hours, std::optional<Place> held,
                                 FullDays* full = nullptr);
    /// The send as it waits for this slot.
    Send put_into(Send send, const Slot& slot, const SendingRules& rules) const;
    Task<Result<Send>> planned(Send send, Timing timing, bool only_today);
    /// Writes it after its plan changed; the place that is then not needed is given back.
    Task<Result<Send>> kept_with_place(Send send, const Send& before);
    /// The send with a place of today, within the hours it is held to; or put off.
    Task<Result<Send>> with_place_now(Account account, Send send);
    /// It had a place of today and too many went out before it.
    Task<Result<Send>> without_place_today(Account account, Send send);

    // What waits when the rules of its account change (replan.cpp)
    Task<Result<void>> plan_anew(Account account, Send send, FullDays* full);

    /// The mail as it goes into the draft, with marker and tracking; `message` takes over whom it goes to.
    Task<Result<Bytes>> made(const Account& account, Message& message, const Send& send, Submission submission);
    Task<Result<Submitted>> end_change(Send before, Send changing, Message message, Result<GmailDraft> draft);

    Task<Result<Send>> attempt(Send send);
    Task<Result<Send>> ask_to_send(Send send);
    Task<Result<Send>> not_sent(Send send, Error error);
    Task<Result<void>> note(const Send& send, LedgerWord word);
    Task<Result<Send>> finish(Send send, std::string gmail_message_id, std::string gmail_thread_id, Pace pace = {});
    /// Writes what became of it, and tells its writer of the problem.
    Task<Result<Send>> take_step(Send send, NextStep step);

    // What its writer is told (tell.cpp)
    Task<Result<Send>> tell(Send send);
    /// Whether what the notice tells is still so.
    Task<Result<bool>> still_holds(Notice notice);

    // What became of a send, or of its draft (look_up.cpp)
    struct Search {
        std::optional<GmailMessage> copy;
        bool saw_everything = false;  ///< Without a copy: there is none.
    };
    Task<Result<Send>> look_up(Send send);
    Task<Result<Send>> unclear_still(Send send, Error error);
    Task<Result<std::optional<GmailMessage>>> sent_copy_of(Send send, bool draft_gone);
    Task<Result<Search>> search_history(Send send);
    Task<Result<std::optional<GmailMessage>>> search_sent(Send send);
    /// The message when it carries the send's marker.
    Task<Result<std::optional<GmailMessage>>> marked(Send send, std::string message_id);
    Task<Result<std::optional<GmailDraft>>> find_draft(Send send);
    /// Takes away the draft of a submission that came to nothing.
    Task<Result<Send>> sweep(Send send);

    Settings settings_;
    GoogleAccess& google_;
    Accounts& accounts_;
    Consents& consents_;
    Messages& messages_;
    Sends& sends_;
    Ledger& ledger_;
    Notices& notices_;
    const Zones& zones_;
    const TokenSealer& sealer_;
    const Clock& clock_;
    Random& random_;
    Attempts attempts_;
};

}  // namespace inboxpro
