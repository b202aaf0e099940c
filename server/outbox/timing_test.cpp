#include "outbox/timing.h"

#include <gtest/gtest.h>

#include "outbox/zones_for_tests.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::kZones;

const TimePoint kPlannedAt = from_millis(1'795'424'400'000);  // 2026-11-23 09:00 UTC, a Monday

WallTime wall(const char* reading, const char* zone) {
    return {.reading = reading_from(reading).value(), .zone = zone};
}

TEST(PlanFor, SendsAtOnceWhenNothingIsSaid) {
    const auto planned = plan_for({}, kZones, kPlannedAt).value();
    EXPECT_EQ(planned.state, SendState::scheduled);
    EXPECT_EQ(planned.at, kPlannedAt);
}

TEST(PlanFor, WaitsOutTheTimeToUndo) {
    for (const auto undo : {5s, 10s, 30s}) {
        const auto planned = plan_for({.undo = undo}, kZones, kPlannedAt).value();
        EXPECT_EQ(planned.state, SendState::undo);
        EXPECT_EQ(planned.at, kPlannedAt + undo);
    }
    for (const auto undo : {-1s, 1s, 4s, 31s, 3'600s}) {
        const auto refused = plan_for({.undo = undo}, kZones, kPlannedAt);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().field, "undo_seconds");
    }
}

TEST(PlanFor, KeepsTheWallClockBesideTheInstant) {
    const auto nine = wall("2026-12-01T09:00", "America/New_York");
    const auto planned = plan_for({.wall = nine, .undo = 10s}, kZones, kPlannedAt).value();
    EXPECT_EQ(planned.state, SendState::scheduled);
    EXPECT_EQ(to_rfc3339(planned.at), "2026-12-01T14:00:00.000Z");
    EXPECT_EQ(planned.wall, nine);
}

TEST(PlanFor, TakesTheLastMinuteForNowAndRefusesWhatIsPastOrTooFarAway) {
    EXPECT_EQ(plan_for({.at = kPlannedAt - 1min}, kZones, kPlannedAt)->at, kPlannedAt);
    for (const auto at : {kPlannedAt - 1min - 1ms, kPlannedAt + kFarthest + 1ms}) {
        const auto refused = plan_for({.at = at}, kZones, kPlannedAt);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().field, "send_at");
    }
    EXPECT_EQ(plan_for({.wall = wall("2026-11-23T09:00", "Asia/Tokyo")}, kZones, kPlannedAt).error().field, "send_at");
    EXPECT_EQ(plan_for({.wall = wall("2026-12-01T09:00", "Nowhere")}, kZones, kPlannedAt).error().field, "time_zone");
}

/// A world in which the rules of every zone were changed by an hour.
struct ChangedZones final : Zones {
    Result<TimePoint> instant_of(const WallTime& time) const override {
        return TRY(kZones.instant_of(time)) + std::chrono::hours{1};
    }
    Result<WallTime> shown_at(TimePoint time, const std::string& zone) const override {
        return kZones.shown_at(time - std::chrono::hours{1}, zone);
    }
    Result<TimePoint> next_change(TimePoint time, const std::string& zone) const override {
        return kZones.next_change(time, zone);
    }
};

TEST(MovedByZone, TellsTheInstantThatTheClockOnTheWallNowMeans) {
    Send send{.wanted_at = kZones.instant_of(wall("2026-12-01T09:00", "Europe/Berlin")).value()};
    EXPECT_FALSE(moved_by_zone(send, ChangedZones{})) << "an instant stays where it is";
    send.wall = wall("2026-12-01T09:00", "Europe/Berlin");
    EXPECT_FALSE(moved_by_zone(send, kZones));
    EXPECT_EQ(moved_by_zone(send, ChangedZones{}), send.wanted_at + 1h);
    send.wall->zone = "Europe/Atlantis";
    EXPECT_FALSE(moved_by_zone(send, ChangedZones{})) << "a zone that was taken away moves nothing";
}

}  // namespace
}  // namespace inboxpro
