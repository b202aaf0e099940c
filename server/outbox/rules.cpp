#include "outbox/rules.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr std::chrono::minutes kHeldRecheck{1};

NextStep held(TimePoint now) {
    return {.state = SendState::scheduled,
            .due_at = now + kHeldRecheck,
            .problem = Send::Problem{.code = "reconnect",
                                     .message = "Google no longer lets InboxPro send for this account.",
                                     .what_to_do = "Reconnect the account: the mail waits as a draft in Gmail and goes "
                                                   "out by itself afterwards."}};
}

NextStep given_up(TimePoint now) {
    return {
        .state = SendState::needs_user,
        .due_at = now,
        .problem = Send::Problem{.code = "gave_up",
                                 .message = "Gmail refused this mail several times.",
                                 .what_to_do = "The draft is still in Gmail: send it from there, or try again here."}};
}

NextStep refused(TimePoint now) {
    return {.state = SendState::needs_user,
            .due_at = now,
            .problem = Send::Problem{.code = "refused",
                                     .message = "Gmail does not accept this mail as it is.",
                                     .what_to_do = "Open the draft in Gmail, correct it and send it from there."}};
}

NextStep tried_again(const Send& send, const Error& error, TimePoint now) {
    if (send.attempts >= kMostAttempts) return given_up(now);
    return {.state = SendState::scheduled, .due_at = next_attempt(now, std::max(send.attempts, 1), error)};
}

}  // namespace

TimePoint next_attempt(TimePoint now, int attempts, const Error& error) {
    const std::chrono::seconds doubled = std::chrono::minutes{1} * (1 << std::clamp(attempts - 1, 0, 6));
    return now + std::max(doubled, error.retry_after.value_or(std::chrono::seconds{0}));
}

NextStep before_send_failed(const Send& send, const Error& error, TimePoint now) {
    if (error.kind == ErrorKind::denied) return held(now);
    return {.state = SendState::scheduled, .due_at = next_attempt(now, std::max(send.attempts, 1), error)};
}

NextStep after_failed_send(const Send& send, const Error& error, TimePoint now) {
    switch (error.kind) {
        case ErrorKind::invalid: return refused(now);
        case ErrorKind::denied: return held(now);
        case ErrorKind::rate_limited: return tried_again(send, error, now);
        case ErrorKind::not_found: return {.state = SendState::unknown, .due_at = now};
        case ErrorKind::conflict:
        case ErrorKind::unavailable:
        case ErrorKind::corrupt: break;
    }
    return {.state = SendState::unknown, .due_at = now + kQuietTime};
}

NextStep after_lookup(const Send& send, Found found, TimePoint now) {
    if (found == Found::sent_copy) return {.state = SendState::sent, .due_at = now};
    if (found == Found::draft_still_there) {
        if (send.attempts >= kMostAttempts) return given_up(now);
        return {.state = SendState::scheduled, .due_at = now};
    }
    const bool may_still_show = send.intent && now - send.intent->at < kSearchTime;
    if (may_still_show) return {.state = SendState::unknown, .due_at = now + std::chrono::minutes{1}};
    return {.state = SendState::needs_user,
            .due_at = now,
            .problem = Send::Problem{
                .code = "draft_gone",
                .message = "The draft is gone from Gmail and no sent copy was found.",
                .what_to_do = "Look into Gmail's Sent and Trash folders. InboxPro will not send it again by itself."}};
}

}  // namespace inboxpro
