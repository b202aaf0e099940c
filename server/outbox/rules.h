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

/// What becomes of a send: its next state, when it needs attention again, and what to tell its writer.
struct NextStep {
    SendState state;
    TimePoint due_at;
    std::optional<Send::Problem> problem = {};
};

/// When to try again after `attempts` attempts (at least 1): 1, 2, 4 ... minutes, or what Gmail asked for if longer.
TimePoint next_attempt(TimePoint now, int attempts, const Error& error);

/// Google's answer to drafts.send was `error`. A clear refusal means that nothing went out: it is tried again or given
/// to the writer. Anything else may have gone out, and is looked up, never simply repeated.
NextStep after_failed_send(const Send& send, const Error& error, TimePoint now);

/// Google could not even be asked (no access token, no mailbox state): certainly nothing went out.
NextStep before_send_failed(const Send& send, const Error& error, TimePoint now);

/// What a look at Gmail showed after an unclear attempt.
enum class Found { draft_still_there, sent_copy, nothing };

/// `nothing`: neither the draft nor a sent copy is there (yet).
NextStep after_lookup(const Send& send, Found found, TimePoint now);

}  // namespace inboxpro
