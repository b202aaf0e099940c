#include "outbox/rules.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow = from_millis(1'795'424'400'000);

Send sending(int attempts) {
    return {.state = SendState::sending,
            .due_at = kNow,
            .attempts = attempts,
            .intent = Send::Intent{.history_id = 7, .at = kNow}};
}

TEST(NextAttempt, DoublesFromOneMinute) {
    const Error busy{.kind = ErrorKind::unavailable, .detail = "busy"};
    EXPECT_EQ(next_attempt(kNow, 1, busy), kNow + 1min);
    EXPECT_EQ(next_attempt(kNow, 2, busy), kNow + 2min);
    EXPECT_EQ(next_attempt(kNow, 4, busy), kNow + 8min);
    EXPECT_EQ(next_attempt(kNow, 1'000, busy), kNow + 8min) << "no longer than Google's return may go unnoticed";
}

TEST(NextAttempt, WaitsAtLeastAsLongAsGmailAsks) {
    const Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 11min};
    EXPECT_EQ(next_attempt(kNow, 1, limited), kNow + 11min);
}

TEST(AfterFailedSend, LooksUpWhateverIsUnclear) {
    for (const auto kind : {ErrorKind::unavailable, ErrorKind::corrupt, ErrorKind::conflict}) {
        const auto step = after_failed_send(sending(1), {.kind = kind, .detail = "?"}, kNow);
        EXPECT_EQ(step.state, SendState::unknown);
        EXPECT_EQ(step.due_at, kNow + kQuietTime);
    }
}

TEST(AfterFailedSend, LooksUpAVanishedDraftAtOnce) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::not_found, .detail = "gone"}, kNow);
    EXPECT_EQ(step.state, SendState::unknown);
    EXPECT_EQ(step.due_at, kNow);
}

TEST(AfterFailedSend, TellsTheWriterWhatGmailWillNeverTake) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::invalid, .detail = "bad"}, kNow);
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "refused");
}

TEST(AfterFailedSend, HoldsTheMailOfADeadGrant) {
    const auto step = after_failed_send(sending(1), {.kind = ErrorKind::denied, .detail = "invalid_grant"}, kNow);
    EXPECT_EQ(step.state, SendState::held);
    EXPECT_EQ(step.problem.value().code, "reconnect");
    const auto blocked = after_failed_send(sending(1), {.kind = ErrorKind::denied, .detail = "domainPolicy"}, kNow);
    EXPECT_EQ(blocked.problem.value().code, "blocked");
}

TEST(AfterFailedSend, LooksUpARefusalThatAnEarlierAttemptMayHaveCaused) {
    const auto step = after_failed_send(sending(2), {.kind = ErrorKind::invalid, .detail = "bad"}, kNow);
    EXPECT_EQ(step.state, SendState::unknown);
    EXPECT_EQ(step.due_at, kNow + kQuietTime);
}

TEST(AfterFailedSend, WaitsOutALimitUntilTheMailIsLate) {
    const Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 10h};
    auto send = sending(1);
    send.wanted_at = kNow - 10min;
    send.refusals = 100;
    const auto step = after_failed_send(send, limited, kNow);
    EXPECT_EQ(step.state, SendState::scheduled);
    EXPECT_EQ(step.due_at, kNow + 50min);
}

TEST(AskedWhenLate, GoesOutUnaskedForAnHour) {
    Send send{.wanted_at = kNow};
    EXPECT_FALSE(asked_when_late(send, kNow + kLateAfter - 1ms));
    const auto step = asked_when_late(send, kNow + kLateAfter).value();
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "late");
}

TEST(AfterFailedLookup, StaysUnknownAndSaysWhyWhenTheGrantIsDead) {
    auto send = sending(1);
    send.wanted_at = kNow;
    const auto dead = after_failed_lookup(send, {.kind = ErrorKind::denied, .detail = "invalid_grant"}, kNow);
    EXPECT_EQ(dead.state, SendState::unknown);
    EXPECT_EQ(dead.due_at, kNow + kHeldRecheck);
    EXPECT_EQ(dead.problem.value().code, "reconnect");
    const auto limited =
        after_failed_lookup(send, {.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 600s}, kNow);
    EXPECT_EQ(limited.due_at, kNow + 600s);
    const Error no_answer{.kind = ErrorKind::unavailable, .detail = "?"};
    EXPECT_EQ(after_failed_lookup(send, no_answer, kNow).due_at, kNow + kQuietTime);
    EXPECT_FALSE(after_failed_lookup(send, no_answer, kNow + kLateAfter - 1ms).problem);
    EXPECT_EQ(after_failed_lookup(send, no_answer, kNow + kLateAfter).problem.value().code, "unclear");
}

TEST(AfterFailedSend, SaysWhyWhenGmailWantsTheAccountToWaitForLong) {
    auto send = sending(1);
    send.wanted_at = kNow;
    Error limited{.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = kLongWait - 1s};
    EXPECT_FALSE(after_failed_send(send, limited, kNow).problem);
    limited.retry_after = kLongWait;
    EXPECT_EQ(after_failed_send(send, limited, kNow).problem.value().code, "limit");
    EXPECT_EQ(before_send_failed(send, limited, kNow).problem.value().code, "limit");
}

const Watched kQuiet{.since = 2min};

TEST(AfterLookup, TriesAgainOnlyWhileTheDraftIsThere) {
    EXPECT_EQ(after_lookup(sending(1), Found::draft_still_there, kQuiet, kNow).state, SendState::scheduled);
    EXPECT_EQ(after_lookup(sending(kMostAttempts), Found::draft_still_there, kQuiet, kNow).state,
              SendState::needs_user);
    EXPECT_EQ(after_lookup(sending(1), Found::sent_copy, {.alive = 90s}, kNow).state, SendState::sent);
}

TEST(AfterLookup, WaitsWhileARequestMayBeAliveHoweverEarlyItLooks) {
    for (const std::chrono::milliseconds alive : {1ms, 1'000ms, 90'000ms}) {
        const auto step = after_lookup(sending(1), Found::draft_still_there, {.since = 5min, .alive = alive}, kNow);
        EXPECT_EQ(step.state, SendState::unknown);
        EXPECT_EQ(step.due_at, kNow + alive);
    }
}

TEST(AfterLookup, SearchesTenMinutesAndThenAsks) {
    EXPECT_EQ(after_lookup(sending(1), Found::nothing, {.since = 10min - 1ms}, kNow).state, SendState::unknown);
    const auto step = after_lookup(sending(1), Found::nothing, {.since = 10min}, kNow);
    EXPECT_EQ(step.state, SendState::needs_user);
    EXPECT_EQ(step.problem.value().code, "draft_gone");
}

TEST(AfterLookup, AsksAtOnceWhenWeNeverTriedToSend) {
    Send never = sending(0);
    never.intent.reset();
    EXPECT_EQ(after_lookup(never, Found::nothing, {}, kNow).state, SendState::needs_user);
}

}  // namespace
}  // namespace inboxpro
