#pragma once
#include <optional>
#include <string>

#include "outbox/hours.h"
#include "outbox/wall_time.h"
#include "store/documents.h"

namespace inboxpro {

/// Where a mail is on its way (docs/guide/sending.md).
enum class SendState : std::uint8_t {
    undo = 1,       ///< Waits out the time in which its writer may take it back.
    scheduled = 2,  ///< Goes out at `due_at`.
    sending = 3,    ///< Somebody has claimed it until `due_at`.
    unknown = 4,    ///< Google was asked and gave no clear answer; looked up again at `due_at`.
    sent = 5,
    cancelled = 6,
    needs_user = 7,  ///< Only its writer can decide; `problem` says what. At `due_at` its writer is still to be told.
    held = 8,        ///< Scheduled, but Google lets nobody act for the account; looked at again at `due_at`.
    preparing = 9    ///< Its draft is being written. Whoever finds it so at `due_at` takes the draft away again.
};

/// Whether it is on its way and neither out nor given up.
bool is_waiting(SendState state);
/// How late a mail may go out without its writer being asked first, unless its account says otherwise.
inline constexpr std::chrono::minutes kLateAfter{60};

/// When what needs nobody's attention is due.
inline constexpr TimePoint kNever{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

/// As the API says it: "held" is "scheduled" there, with a problem.
std::string_view name_of(SendState state);

/// Header field that carries a mail's marker, in the draft and in the sent copy.
inline constexpr std::string_view kMarkerHeader = "X-InboxPro-Id";

/// Room for one mail among those of a day. Places are given away anew when the account's rules change; what went out on
/// that day before counts on.
struct Place {
    SendingDay day = 0;
    std::int64_t generation = 0;  ///< Of the rules, SendingRules::generation.

    friend bool operator==(const Place&, const Place&) = default;
};

/// The rules of an account changed: what waits under the old ones is planned anew, a page at a time.
struct Replan {
    AccountId account;
    std::uint64_t version = 0;
    TimePoint due_at;                           ///< Until then somebody has claimed it; kNever once it is done.
    std::optional<Query::Position> after = {};  ///< How far it has come, by `wanted_at`.
};

/// One mail that waits as a draft in the user's Gmail. The draft is the one-time token: Gmail consumes it when it
/// sends.
struct Send {
    /// Written durably before Google is asked to send, so that whoever finds the mail later knows from where to look.
    struct Intent {
        std::uint64_t history_id = 0;  ///< Of the mailbox before the attempt.
        TimePoint at;
    };
    /// Why it goes out later than its writer said.
    struct PutOff {
        enum class Because : std::uint8_t { hours = 1, limit = 2 };
        Because because = Because::hours;
        TimePoint from;                     ///< When its writer wanted it first,
        std::optional<WallTime> wall = {};  ///< and how that was said, if not by an instant.
        int limit = 0;                      ///< Mails a day; with `limit`.
    };
    struct Problem {
        std::string code;     ///< One word: reconnect, blocked, limit, late, unclear, draft_gone, refused, gave_up,
                              ///< draft_left, change_unclear.
        std::string message;  ///< What happened, in plain words.
        std::string what_to_do;
    };

    MessageId id;
    AccountId account;
    std::uint64_t version = 0;
    SendState state = SendState::scheduled;
    TimePoint due_at;                   ///< When this needs attention next; see SendState.
    TimePoint wanted_at;                ///< When its writer wants it to go out.
    std::optional<WallTime> wall = {};  ///< How its writer said when, if not by an instant.
    bool in_hours = false;              ///< Goes out only within the account's sending hours.
    std::optional<Place> place = {};    ///< That is kept for it; see Sends::take_place.
    bool uses_place = false;            ///< It counts among what went out on that day; see Sends::use_place.
    std::optional<PutOff> put_off = {};
    bool changing = false;  ///< What it says is being changed, until `due_at` at the latest; then its writer is asked.
    std::optional<TimePoint> moved_from = {};  ///< `wanted_at` before the rules of that zone changed.
    std::chrono::minutes late_after = kLateAfter;
    /// Grows with every claim, and whenever its writer decides anew; a write of an older epoch is refused.
    std::int64_t epoch = 0;
    std::string draft_id;
    std::string thread_id;
    std::string marker;  ///< Value of kMarkerHeader, by which the sent copy is known again.
    int attempts = 0;    ///< Times Google was asked to send it and did not clearly refuse.
    int refusals = 0;    ///< Times Google said: not now. Of that nothing went out.
    std::optional<Intent> intent;
    std::optional<Problem> problem;
};

/// Collection "sends": id = message id.
extern const Collection kSends;
/// Collection "send_days": how many mails have a place on one day of one account.
extern const Collection kSendDays;

/// Collection "replans": id = account id; of each account whose rules ever changed.
extern const Collection kReplans;

/// The sends that are kept. Every write is a compare-and-set on `version`.
class Sends {
  public:
    explicit Sends(Documents& documents) : documents_(documents) {}

    /// Returns it with its version.
    Task<Result<Send>> add(Send send);
    Task<Result<Send>> get(AccountId account, MessageId id);
    /// Those of one state whose time has come, the longest waiting first.
    Task<Result<std::vector<Send>>> due(SendState state, TimePoint now, std::size_t limit);
    /// The first time from now on at which one of that state is due; empty when there is none.
    Task<Result<std::optional<TimePoint>>> next_due(SendState state);
    /// Those of one account that are on their way, the first to go out first; `after` continues behind that one.
    Task<Result<std::vector<Send>>> waiting(AccountId account, std::size_t limit, std::optional<MessageId> after);
    /// The same, behind a position that need not be there any longer.
    Task<Result<std::vector<Send>>> waiting_behind(AccountId account, std::size_t limit,
                                                   std::optional<Query::Position> after);
    /// Those of all accounts that wait for a reading of a wall clock, in order of their ids, behind `after`.
    Task<Result<std::vector<Send>>> by_wall_time(std::size_t limit, std::optional<MessageId> after);
    /// Those of one account in one state, at most `limit`.
    Task<Result<std::vector<Send>>> in_state(AccountId account, SendState state, std::size_t limit);
    /// Returns it with the new version; `conflict` when somebody was faster.
    Task<Result<Send>> update(Send send);
    Task<Result<void>> remove(AccountId account, MessageId id);

    /// Takes one of the account's places on that day; false when there are `limit` already. Never one more, however
    /// many processes ask at once. A process that ends before it keeps the day in its Send costs that day a place.
    Task<Result<bool>> take_place(AccountId account, Place place, int limit);
    /// The mail that has this place is about to go out: it counts from now on. False when as many did on that day,
    /// under whatever rules; never one more.
    Task<Result<bool>> use_place(AccountId account, Place place, int limit);
    Task<Result<void>> give_place_back(AccountId account, Place place, bool was_used);

    /// To be planned anew from the beginning, at `at`; takes the place of what is under way.
    Task<Result<void>> ask_to_replan(AccountId account, TimePoint at);
    Task<Result<std::vector<Replan>>> replans_due(TimePoint now, std::size_t limit);
    /// Returns it with the new version; `conflict` when somebody was faster.
    Task<Result<Replan>> update(Replan replan);

  private:
    Task<void> forget_days_before(AccountId account, SendingDay day);

    Documents& documents_;
};

}  // namespace inboxpro
