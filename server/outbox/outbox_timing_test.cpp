#include "outbox/outbox_world.h"
#include "testing/fake_sleeper.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

struct OutboxTiming : testing::OutboxWorld {
    Submitted submit() { return submit_letter(); }
};

TEST_F(OutboxTiming, AsksBeforeAMailGoesOutMoreThanAnHourLate) {
    const auto id = submit().message.id;
    clock.advance(kLateAfter);
    EXPECT_EQ(step().problem.value().code, "late");
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    ASSERT_TRUE(run(outbox.send_now(account, id)));
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTiming, AsksNoMoreWhileTheAccountWasToldToWait) {
    for (int i = 0; i < 5; ++i) submit();
    google.fail_next(Call::profile, {.kind = ErrorKind::rate_limited, .detail = "limit", .retry_after = 300s});
    for (const auto& send : run(outbox.due(10)).value()) run(outbox.advance(send)).value();
    EXPECT_EQ(google.calls(Call::profile), 1);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    clock.advance(300s);
    for (const auto& send : run(outbox.due(10)).value()) run(outbox.advance(send)).value();
    EXPECT_EQ(sent_count(), 5U);
}

TEST_F(OutboxTiming, WaitsAsLongAsGmailAsks) {
    submit();
    google.fail_next(Call::send_draft, {.kind = ErrorKind::rate_limited, .detail = "limit", .retry_after = 600s});
    const auto waiting = step();
    EXPECT_EQ(waiting.state, SendState::scheduled);
    EXPECT_EQ(waiting.due_at, clock.now() + 600s);
}

TEST_F(OutboxTiming, WaitsOutTheTimeToUndoAndCanBeTakenBackInIt) {
    auto submission = letter();
    submission.timing.undo = 10s;
    const auto first = run(outbox.submit(account, submission)).value();
    EXPECT_EQ(first.send.state, SendState::undo);
    EXPECT_EQ(run(outbox.next_due()).value(), clock.now() + 10s);
    clock.advance(9'999ms);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    ASSERT_TRUE(run(outbox.cancel(account, first.message.id)));
    clock.advance(1h);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    run(outbox.submit(account, submission)).value();
    clock.advance(10s);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTiming, SendsLaterWhenTheClockOnTheWallShowsIt) {
    auto submission = letter();
    submission.timing.wall = WallTime{.reading = reading_from("2026-11-24T09:00").value(), .zone = "Europe/Berlin"};
    const auto submitted = run(outbox.submit(account, std::move(submission))).value();
    EXPECT_EQ(to_rfc3339(submitted.send.wanted_at), "2026-11-24T08:00:00.000Z");
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U) << "it waits as a draft";
    clock.advance(23h - 1ms);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    clock.advance(1ms);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTiming, RefusesATimeBeforeAskingGmail) {
    auto submission = letter();
    submission.timing.at = clock.now() - 1h;
    EXPECT_EQ(run(outbox.submit(account, std::move(submission))).error().field, "send_at");
    EXPECT_EQ(google.calls(), 0);
}

TEST_F(OutboxTiming, GivesWaitingMailAnotherTime) {
    const auto id = submit().message.id;
    const auto later = run(outbox.reschedule(account, id, {.at = clock.now() + 5h})).value();
    EXPECT_EQ(later.send.state, SendState::scheduled);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    EXPECT_EQ(run(outbox.reschedule(account, id, {.at = clock.now() - 5h})).error().field, "send_at");
    clock.advance(5h);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(run(outbox.reschedule(account, id, {.at = clock.now() + 5h})).error().kind, ErrorKind::conflict);
}

TEST_F(OutboxTiming, TakesALateMailBackIntoItsTimeWhenItIsGivenAnother) {
    const auto id = submit().message.id;
    clock.advance(kLateAfter);
    EXPECT_EQ(step().state, SendState::needs_user);
    const auto again = run(outbox.reschedule(account, id, {.at = clock.now() + 1h})).value();
    EXPECT_FALSE(again.send.problem);
    clock.advance(1h);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTiming, AsksAsEarlyAsTheAccountWants) {
    auto known = run(accounts.get(account)).value();
    known.late_after = 5min;
    ASSERT_TRUE(run(accounts.update(known)));
    submit();
    clock.advance(5min);
    EXPECT_EQ(step().problem.value().code, "late");
}

TEST_F(OutboxTiming, ListsWhatIsOnItsWayTheFirstToGoOutFirst) {
    std::vector<MessageId> ids;
    for (const auto wait : {3h, 1h, 2h}) {
        auto submission = letter();
        submission.timing.at = clock.now() + wait;
        ids.push_back(run(outbox.submit(account, std::move(submission))).value().message.id);
    }
    const auto first = run(outbox.waiting(account, 2, {})).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].id, ids[1]);
    EXPECT_EQ(first[1].id, ids[2]);
    const auto rest = run(outbox.waiting(account, 2, first[1].id)).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].id, ids[0]);
    ASSERT_TRUE(run(outbox.cancel(account, ids[1])));
    clock.advance(2h);
    step();
    EXPECT_EQ(run(outbox.waiting(account, 10, {})).value().size(), 1U);
    EXPECT_TRUE(run(outbox.waiting(AccountId::make(clock.now(), random), 10, {})).value().empty());
}

TEST_F(OutboxTiming, FollowsTheRulesOfAZoneAndTellsThatItDid) {
    struct Abolished final : Zones {  // Berlin keeps summer time all year from now on.
        SystemZones system;
        Result<TimePoint> instant_of(const WallTime& time) const override {
            return TRY(system.instant_of(time)) - (time.zone == "Europe/Berlin" ? 1h : 0h);
        }
        Result<WallTime> shown_at(TimePoint time, const std::string& zone) const override {
            return system.shown_at(time + 1h, zone);
        }
        Result<TimePoint> next_change(TimePoint, const std::string&) const override { return TimePoint::max(); }
    } const abolished;
    for (const auto* zone : {"Europe/Berlin", "Asia/Tokyo"}) {
        auto submission = letter();
        submission.timing.wall = WallTime{.reading = reading_from("2026-12-01T09:00").value(), .zone = zone};
        run(outbox.submit(account, std::move(submission))).value();
    }
    auto instant = letter();
    instant.timing.at = from_rfc3339("2026-12-01T08:00:00Z");
    run(outbox.submit(account, std::move(instant))).value();
    EXPECT_EQ(run(outbox.follow_zones()).value(), 0U);

    Outbox after = outbox_with(access, abolished, clock);
    EXPECT_EQ(run(after.follow_zones()).value(), 1U);
    EXPECT_EQ(run(after.follow_zones()).value(), 0U) << "once is enough";
    const auto waiting = run(outbox.waiting(account, 10, {})).value();
    ASSERT_EQ(waiting.size(), 3U);
    EXPECT_EQ(waiting[0].wall->zone, "Asia/Tokyo");
    EXPECT_EQ(to_rfc3339(waiting[1].wanted_at), "2026-12-01T07:00:00.000Z");
    EXPECT_EQ(waiting[1].due_at, waiting[1].wanted_at);
    EXPECT_EQ(to_rfc3339(waiting[1].moved_from.value()), "2026-12-01T08:00:00.000Z");
    EXPECT_EQ(to_rfc3339(waiting[2].wanted_at), "2026-12-01T08:00:00.000Z");
}

TEST_F(OutboxTiming, PutsAMailOffWithoutAnAttemptWhenTheUnitsAreUsedUp) {
    testing::FakeSleeper sleeper(clock);
    UnitBudget budget({.units_per_minute = 300}, clock, sleeper);
    GoogleAccess paced(google, accounts, clock, Pacing{budget, sleeper, random});
    Outbox slow = outbox_with(paced, zones, clock);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(sleeper.run(slow.submit(account, letter())));
    clock.advance(5min);
    for (auto& send : run(outbox.due(10)).value()) {
        const auto after = sleeper.run(slow.advance(std::move(send))).value();
        EXPECT_EQ(after.attempts, after.state == SendState::sent ? 1 : 0);
        if (after.state != SendState::sent) EXPECT_EQ(after.state, SendState::scheduled);
    }
    EXPECT_EQ(sent_count(), 1U) << "one at once, and none that would wait longer than five seconds";
    for (int minute = 0; minute < 10; ++minute) {
        clock.advance(1min);
        for (auto& send : run(outbox.due(10)).value()) ASSERT_TRUE(sleeper.run(slow.advance(std::move(send))));
    }
    EXPECT_EQ(sent_count(), 3U);
}

}  // namespace
}  // namespace inboxpro
