#include "outbox/rules.h"

#include <algorithm>

namespace inboxpro {
namespace {

Send::Problem shut_out(const Error& error) {
    if (error.detail == "domainPolicy")
        return {.code = "blocked",
                .message = "The administrator of this Google account does not let InboxPro send.",
                .what_to_do = "Ask the administrator to allow InboxPro: the mail waits as a draft in Gmail."};
    return {
        .code = "reconnect",
        .message = "Google no longer lets InboxPro send for this account.",
        .what_to_do = "Reconnect the account: the mail waits as a draft in Gmail and goes out by itself afterwards."};
}

std::optional<Send::Problem> kept_waiting(const Send& send, const Error& error) {
    const bool is_known = send.problem && send.problem->code == "limit";
    if (error.retry_after.value_or(std::chrono::seconds{0}) < kLongWait && !is_known) return {};
    return Send::Problem{.code = "limit",
                         .message = "Gmail takes no more mail from this account for now.",
                         .what_to_do =
                             "Nothing: what waits is a draft in Gmail and goes out by itself when Gmail takes "
                             "mail again. What is too late by then asks you first."};
}

/// Known once it was told, until there is a clear answer.
std::optional<Send::Problem> still_unclear(const Send& send, TimePoint now) {
    const bool is_known = send.problem && send.problem->code == "unclear";
    if (now < send.wanted_at + send.late_after && !is_known) return {};
    return Send::Problem{.code = "unclear",
                         .message = "Gmail has not said yet whether this mail went out.",
                         .what_to_do =
                             "InboxPro keeps asking and will not send it twice. If you cannot wait, look into "
                             "Gmail's Sent folder."};
}

NextStep held(const Error& error, TimePoint now) {
    return {.state = SendState::held, .due_at = now + kHeldRecheck, .problem = shut_out(error)};
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

/// No later than when the writer has to be asked.
NextStep tried_again(const Send& send, const Error& error, TimePoint now) {
    const auto again = next_attempt(now, send.refusals + 1, error);
    const auto late = send.wanted_at + send.late_after;
    return {.state = SendState::scheduled,
            .due_at = late > now ? std::min(again, late) : again,
            .problem = kept_waiting(send, error)};
}

}  // namespace

TimePoint next_attempt(TimePoint now, int times, const Error& error) {
    const std::chrono::seconds doubled = std::chrono::minutes{1} * (1 << std::clamp(times - 1, 0, 3));
    return now + std::max(doubled, error.retry_after.value_or(std::chrono::seconds{0}));
}

std::optional<NextStep> asked_when_late(const Send& send, TimePoint now) {
    if (now < send.wanted_at + send.late_after) return {};
    return NextStep{.state = SendState::needs_user,
                    .due_at = now,
                    .problem = Send::Problem{.code = "late",
                                             .message = "It could not go out when it should have, and is too late by "
                                                        "now to go out unasked.",
                                             .what_to_do = "Send it now, or cancel it if it is too late."}};
}

NextStep asked_after_change(TimePoint now) {
    return {.state = SendState::needs_user,
            .due_at = now,
            .problem =
                Send::Problem{.code = "change_unclear",
                              .message = "It was being changed, and it is not clear whether the change reached Gmail.",
                              .what_to_do = "Look at its draft in Gmail, or change it again; then send it now."}};
}

bool is_not_now(const Error& error) {
    return error.kind == ErrorKind::rate_limited || error.kind == ErrorKind::denied;
}

NextStep before_send_failed(const Send& send, const Error& error, TimePoint now) {
    return error.kind == ErrorKind::denied ? held(error, now) : tried_again(send, error, now);
}

NextStep after_failed_send(const Send& send, const Error& error, TimePoint now) {
    switch (error.kind) {
        case ErrorKind::invalid:
            if (send.attempts <= 1) return refused(now);
            break;
        case ErrorKind::denied: return held(error, now);
        case ErrorKind::rate_limited: return tried_again(send, error, now);
        case ErrorKind::not_found: return {.state = SendState::unknown, .due_at = now};
        case ErrorKind::conflict:
        case ErrorKind::unavailable:
        case ErrorKind::corrupt: break;
    }
    return {.state = SendState::unknown, .due_at = now + kQuietTime};
}

NextStep after_failed_lookup(const Send& send, const Error& error, TimePoint now) {
    if (error.kind == ErrorKind::denied)
        return {.state = SendState::unknown, .due_at = now + kHeldRecheck, .problem = shut_out(error)};
    const std::chrono::seconds asked = error.retry_after.value_or(std::chrono::seconds{0});
    return {
        .state = SendState::unknown, .due_at = now + std::max(kQuietTime, asked), .problem = still_unclear(send, now)};
}

NextStep after_lookup(const Send& send, Found found, Watched watched, TimePoint now) {
    if (found == Found::sent_copy) return {.state = SendState::sent, .due_at = now};
    const bool is_told = send.problem && send.problem->code == "unclear";
    const auto told = is_told ? send.problem : std::nullopt;
    if (found == Found::draft_still_there) {
        if (watched.alive.count() > 0)
            return {.state = SendState::unknown, .due_at = now + watched.alive, .problem = told};
        if (send.attempts >= kMostAttempts) return given_up(now);
        return {.state = SendState::scheduled, .due_at = now};
    }
    if (send.intent && watched.since < kSearchTime)
        return {.state = SendState::unknown, .due_at = now + std::chrono::minutes{1}, .problem = told};
    return {.state = SendState::needs_user,
            .due_at = now,
            .problem = Send::Problem{
                .code = "draft_gone",
                .message = "The draft is gone from Gmail and no sent copy was found.",
                .what_to_do = "Look into Gmail's Sent and Trash folders. InboxPro will not send it again by itself."}};
}

}  // namespace inboxpro
