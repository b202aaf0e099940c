#include "outbox/wall_time.h"

#include <date/tz.h>
#include <gtest/gtest.h>

#include "outbox/zones_for_tests.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using namespace date::literals;
using testing::instant;
using testing::kZones;

TEST(WallTime, ReadsAndWritesReadings) {
    EXPECT_EQ(text_of(reading_from("2026-12-01T09:00").value()), "2026-12-01T09:00:00");
    EXPECT_EQ(text_of(reading_from("2026-12-01T09:00:30").value()), "2026-12-01T09:00:30");
    for (const auto* wrong : {"", "2026-12-01", "2026-12-01T09:00Z", "2026-13-01T09:00", "2026-12-01T25:00", "tomorrow",
                              "2026-12-01T09:00 ", "2026-02-30T09:00", "2026-12-01T09:60", "2026-12-01 09:00",
                              "+026-12-01T09:00", "2026-12-01T09:00:60", "2026-12-01T 9:00"})
        EXPECT_FALSE(reading_from(wrong)) << wrong;
}

TEST(WallTime, ReadsTheSameHoweverOften) {
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(text_of(reading_from("2026-12-01T09:00").value()), "2026-12-01T09:00:00");
        EXPECT_FALSE(reading_from("2026-12-01T09:00:xx"));
    }
}

TEST(SystemZones, MeansTheFirstOfTwoReadingsAndTheChangeForNone) {
    EXPECT_EQ(to_rfc3339(instant("2026-10-25T02:30", "Europe/Berlin")), "2026-10-25T00:30:00.000Z");
    EXPECT_EQ(to_rfc3339(instant("2026-03-29T02:30", "Europe/Berlin")), "2026-03-29T01:00:00.000Z");
    EXPECT_EQ(to_rfc3339(instant("2026-12-01T09:00", "Asia/Kathmandu")), "2026-12-01T03:15:00.000Z");
}

TEST(SystemZones, NamesTheFieldForWhatIsNoZone) {
    for (const auto* wrong : {"", "Berlin", "Europe/Berlin ", "../etc/passwd", "Mars/Olympus"}) {
        const auto outcome = kZones.instant_of({.reading = reading_from("2026-12-01T09:00").value(), .zone = wrong});
        ASSERT_FALSE(outcome) << wrong;
        EXPECT_EQ(outcome.error().field, "time_zone");
    }
}

/// What clocks showed around one change of one zone, minute by minute, told by offsets alone.
void expect_right_around(const date::time_zone& zone, const date::sys_info& before, const date::sys_info& after) {
    const TimePoint change = before.end;
    const auto reading_by = [](TimePoint at, const date::sys_info& info) {
        return date::local_seconds{date::floor<std::chrono::seconds>(at).time_since_epoch() + info.offset};
    };
    const auto shift = std::chrono::abs(after.offset - before.offset) + 3h;
    for (TimePoint at = change - shift; at < change + shift; at += 15min) {
        const auto& info = at < change ? before : after;
        const auto shown = kZones.shown_at(at, zone.name()).value();
        ASSERT_EQ(shown.reading, reading_by(at, info)) << zone.name();
        const auto back = kZones.instant_of(shown).value();
        // Only the second showing of a reading does not lead back: it means the first.
        const bool shown_before = at >= change && reading_by(change, before) > shown.reading;
        ASSERT_EQ(back, shown_before ? at - (before.offset - after.offset) : at) << zone.name() << to_rfc3339(at);
    }
    for (auto skipped = reading_by(change, before); skipped < reading_by(change, after); skipped += 15min)
        ASSERT_EQ(kZones.instant_of({.reading = skipped, .zone = zone.name()}).value(), change) << zone.name();
}

TEST(SystemZones, IsRightAroundEveryChangeOfEveryZoneFrom2024To2030) {
    const date::sys_seconds begin = date::sys_days{2024_y / 1 / 1}, end = date::sys_days{2031_y / 1 / 1};
    int changes = 0, zones = 0;
    for (const auto& zone : date::get_tzdb().zones) {
        ++zones;
        auto info = zone.get_info(begin);
        while (info.end < end) {
            const auto next = zone.get_info(info.end);
            if (next.offset != info.offset) {
                expect_right_around(zone, info, next);
                ++changes;
            }
            info = next;
        }
    }
    std::cout << changes << " changes of " << zones << " zones\n";
    EXPECT_GT(zones, 300);
    EXPECT_GT(changes, 1'000);
}

}  // namespace
}  // namespace inboxpro
