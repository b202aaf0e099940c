#include "outbox/rules.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

const TimePoint kTriedAt = from_millis(1'795'424'400'000);

Send sending(int attempts) {
    return {.state = SendState::sending,
            .due_at = kTriedAt,
            .attempts = attempts,
            .intent = Send::Intent{.history_id = 7, .at = kTriedAt}};
}

TEST(NextAttempt, DoublesFromOneMinute) {
    const Error busy{.kind = ErrorKind::unavailable, .detail = "busy"};
    EXPECT_EQ(next_attempt(kTriedAt, 1, busy), kTriedAt + 1min);
    EXPECT_EQ(next_attempt(kTriedAt, 2, busy), kTriedAt + 2min);
    EXPECT_EQ(next_attempt(kTriedAt, 4, busy), kTriedAt + 8min);
    EXPECT_EQ(next_attempt(kTriedAt, 1'000, busy), kTriedAt + 8min)
        << "no longer than Google's return may go unnoticed";
}

TEST(NextAttempt, WaitsAtLeastAsLongAsGmailAsks) {
    const Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 11min};
    EXPECT_EQ(next_attempt(kTriedAt, 1, limited), kTriedAt + 11min);
}

TEST(AfterFailedSend, LooksUpWhateverIsUnclear) {
    for (const auto kind : {ErrorKind::unavailable, ErrorKind::corrupt, ErrorKind::conflict}) {
        const auto step = after_failed_send(sending(1), {.kind = kind, .detail = "?"}, kTriedAt);
        EXPECT_EQ(step.state, SendState::unknown);
        EXPECT_EQ(step.due_at, kTriedAt + kQuietTime);
    }
}

TEST(AfterFailedSend, LooksUpAVanishedDraftAtOnce) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::not_found, .detail = "gone"}, kTriedAt);
    EXPECT_EQ(step.state, SendState::unknown);
    EXPECT_EQ(step.due_at, kTriedAt);
}

TEST(AfterFailedSend, TellsTheWriterWhatGmailWillNeverTake) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::invalid, .detail = "bad"}, kTriedAt);
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "refused");
}

TEST(AfterFailedSend, HoldsTheMailOfADeadGrant) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::denied, .detail = "invalid_grant"}, kTriedAt);
    EXPECT_EQ(step.state, SendState::held);
    EXPECT_EQ(step.problem.value().code, "reconnect");
    const auto blocked = after_failed_send(sending(1), {.kind = ErrorKind::denied, .detail = "domainPolicy"}, kTriedAt);
    EXPECT_EQ(blocked.problem.value().code, "blocked");
}

TEST(AfterFailedSend, LooksUpARefusalThatAnEarlierAttemptMayHaveCaused) {
    const auto step = after_failed_send(sending(2), {.kind = ErrorKind::invalid, .detail = "bad"}, kTriedAt);
    EXPECT_EQ(step.state, SendState::unknown);
    EXPECT_EQ(step.due_at, kTriedAt + kQuietTime);
}

TEST(AfterFailedSend, WaitsOutALimitUntilTheMailIsLate) {
    const Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 10h};
    auto send = sending(1);
    send.wanted_at = kTriedAt - 10min;
    send.refusals = 100;
    const auto step = after_failed_send(send, limited, kTriedAt);
    EXPECT_EQ(step.state, SendState::scheduled);
    EXPECT_EQ(step.due_at, kTriedAt + 50min);
}

TEST(AskedWhenLate, GoesOutUnaskedForAnHour) {
    Send send{.wanted_at = kTriedAt};
    EXPECT_FALSE(asked_when_late(send, kTriedAt + kLateAfter - 1ms));
    const auto step = asked_when_late(send, kTriedAt + kLateAfter).value();
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "late");
}

TEST(AfterFailedLookup, StaysUnknownAndSaysWhyWhenTheGrantIsDead) {
    auto send = sending(1);
    send.wanted_at = kTriedAt;
    const auto dead = after_failed_lookup(send, {.kind = ErrorKind::denied, .detail = "invalid_grant"}, kTriedAt);
    EXPECT_EQ(dead.state, SendState::unknown);
    EXPECT_EQ(dead.due_at, kTriedAt + kHeldRecheck);
    EXPECT_EQ(dead.problem.value().code, "reconnect");
    const auto limited = after_failed_lookup(
        send, {.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 600s}, kTriedAt);
    EXPECT_EQ(limited.due_at, kTriedAt + 600s);
    const Error no_answer{.kind = ErrorKind::unavailable, .detail = "?"};
    EXPECT_EQ(after_failed_lookup(send, no_answer, kTriedAt).due_at, kTriedAt + kQuietTime);
    EXPECT_FALSE(after_failed_lookup(send, no_answer, kTriedAt + kLateAfter - 1ms).problem);
    EXPECT_EQ(after_failed_lookup(send, no_answer, kTriedAt + kLateAfter).problem.value().code, "unclear");
}

TEST(AfterFailedSend, SaysWhyWhenGmailWantsTheAccountToWaitForLong) {
    auto send = sending(1);
    send.wanted_at = kTriedAt;
    Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = kLongWait - 1s};
    EXPECT_FALSE(after_failed_send(send, limited, kTriedAt).problem);
    limited.retry_after = kLongWait;
    EXPECT_EQ(after_failed_send(send, limited, kTriedAt).problem.value().code, "limit");
    EXPECT_EQ(before_send_failed(send, limited, kTriedAt).problem.value().code, "limit");
}

const Watched kQuiet{.since = 2min};

TEST(AfterLookup, TriesAgainOnlyWhileTheDraftIsThere) {
    EXPECT_EQ(after_lookup(sending(1), Found::draft_still_there, kQuiet, kTriedAt).state, SendState::scheduled);
    EXPECT_EQ(after_lookup(sending(kMostAttempts), Found::draft_still_there, kQuiet, kTriedAt).state,
              SendState::needs_user);
    EXPECT_EQ(after_lookup(sending(1), Found::sent_copy, {.alive = 90s}, kTriedAt).state, SendState::sent);
}

TEST(AfterLookup, WaitsWhileARequestMayBeAliveHoweverEarlyItLooks) {
    for (const std::chrono::milliseconds alive : {1ms, 1'000ms, 90'000ms}) {
        const auto step = after_lookup(sending(1), Found::draft_still_there, {.since = 5min, .alive = alive}, kTriedAt);
        EXPECT_EQ(step.state, SendState::unknown);
        EXPECT_EQ(step.due_at, kTriedAt + alive);
    }
}

TEST(AfterLookup, SearchesTenMinutesAndThenAsks) {
    EXPECT_EQ(after_lookup(sending(1), Found::nothing, {.since = 10min - 1ms}, kTriedAt).state, SendState::unknown);
    const auto step = after_lookup(sending(1), Found::nothing, {.since = 10min}, kTriedAt);
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "draft_gone");
}

TEST(AfterLookup, AsksAtOnceWhenWeNeverTriedToSend) {
    Send never = sending(0);
    never.intent.reset();
    EXPECT_EQ(after_lookup(never, Found::nothing, {}, kTriedAt).state, SendState::needs_user);
}

}  // namespace
}  // namespace inboxpro
