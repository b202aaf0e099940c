#pragma once
#include "outbox/send.h"

namespace inboxpro {

/// How long a claim holds. Longer than the 60 s that one call to Google may take.
inline constexpr std::chrono::seconds kLease{180};
/// Quiet time before an unclear attempt is looked up: a request may still be alive inside Google.
inline constexpr std::chrono::seconds kQuietTime{90};
/// How long a vanished draft's sent copy is looked for, because Gmail's history may lag.
inline constexpr std::chrono::minutes kSearchTime{10};
inline constexpr int kMostAttempts = 5;
/// When Google wants an account to wait for this long, its user is told.
inline constexpr std::chrono::minutes kLongWait{30};
/// How long a submission may take to write its draft; then what it left is taken away.
inline constexpr std::chrono::minutes kPreparing{10};
/// When to look again whether Google lets us act for an account. It costs no call, and reconnecting does not wait for
/// it.
inline constexpr std::chrono::minutes kHeldRecheck{15};

/// What becomes of a send: its next state, when it needs attention again, and what to tell its writer.
struct NextStep {
    SendState state;
    TimePoint due_at;
    std::optional<Send::Problem> problem = {};
};

/// When to try again after `times` failures (at least 1): 1, 2, 4, 8 minutes, or what Gmail asked for if longer. No
/// longer by itself, so that mail goes out within a quarter of an hour of Google being back.
TimePoint next_attempt(TimePoint now, int times, const Error& error);

/// Asks the writer when the mail is too late to go out unasked; empty while it is not.
std::optional<NextStep> asked_when_late(const Send& send, TimePoint now);

/// Nobody knows whether a change of the mail reached Gmail: its writer looks.
NextStep asked_after_change(TimePoint now);

/// Whether this answer to drafts.send says that nothing went out and that it may be tried again later.
bool is_not_now(const Error& error);

/// Google's answer to drafts.send was `error`. A clear refusal means that nothing went out: it is tried again or given
/// to the writer. Anything else may have gone out, and is looked up, never simply repeated. So is a final refusal
/// after an attempt of unknown outcome, which may be the very reason for it.
NextStep after_failed_send(const Send& send, const Error& error, TimePoint now);

/// Google could not even be asked (no access token, no mailbox state): certainly nothing went out.
NextStep before_send_failed(const Send& send, const Error& error, TimePoint now);

/// Google could not be asked what became of an unclear attempt. Its writer is told once the mail is late.
NextStep after_failed_lookup(const Send& send, const Error& error, TimePoint now);

/// What a look at Gmail showed after an unclear attempt.
enum class Found { draft_still_there, sent_copy, nothing };

/// How long this node has known of an attempt, and how long a request of it may still be alive; see Attempts.
struct Watched {
    std::chrono::milliseconds since{0};
    std::chrono::milliseconds alive{0};
};

/// `nothing`: neither the draft nor a sent copy is there (yet). A draft that is still there says nothing while a
/// request may be alive, however early somebody looks.
NextStep after_lookup(const Send& send, Found found, Watched watched, TimePoint now);

}  // namespace inboxpro
