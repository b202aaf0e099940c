#include "outbox/hours.h"

#include <date/tz.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "outbox/zones_for_tests.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using namespace date::literals;
using testing::instant;
using testing::kZones;

constexpr std::uint8_t kWeekdays = 0x1f, kEveryDay = 0x7f;

std::string shown(Result<TimePoint> at, const std::string& zone) {
    return text_of(kZones.shown_at(at.value(), zone).value().reading);
}
const SendingRules kOffice{.time_zone = "Europe/Berlin", .hours = {{kWeekdays, 9 * 60, 17 * 60}}};

TEST(NextWithin, LeavesATimeWithinTheHoursAlone) {
    for (const auto* reading : {"2026-11-27T09:00", "2026-11-27T16:59:59"})
        EXPECT_EQ(next_within(kOffice, kZones, instant(reading, "Europe/Berlin")), instant(reading, "Europe/Berlin"));
    EXPECT_EQ(next_within({}, kZones, from_millis(1)), from_millis(1)) << "without hours any time is right";
}

TEST(NextWithin, WaitsForTheNextOpening) {
    const auto next = [](const char* reading) {
        return shown(next_within(kOffice, kZones, instant(reading, "Europe/Berlin")), "Europe/Berlin");
    };
    EXPECT_EQ(next("2026-11-26T08:59"), "2026-11-26T09:00:00");
    EXPECT_EQ(next("2026-11-26T17:00"), "2026-11-27T09:00:00");
    EXPECT_EQ(next("2026-11-27T17:00"), "2026-11-30T09:00:00") << "over the weekend";
}

TEST(NextWithin, TakesTheFirstOfSeveralStretches) {
    const SendingRules split{.time_zone = "UTC", .hours = {{kEveryDay, 14 * 60, 16 * 60}, {0x20, 10 * 60, 11 * 60}}};
    EXPECT_EQ(shown(next_within(split, kZones, instant("2026-11-28T01:00", "UTC")), "UTC"), "2026-11-28T10:00:00");
    EXPECT_EQ(shown(next_within(split, kZones, instant("2026-11-28T11:00", "UTC")), "UTC"), "2026-11-28T14:00:00");
    EXPECT_EQ(shown(next_within(split, kZones, instant("2026-11-28T16:00", "UTC")), "UTC"), "2026-11-29T14:00:00");
}

TEST(NextWithin, NamesTheFieldForNoZoneAndForHoursThatNeverCome) {
    EXPECT_EQ(next_within({.time_zone = "Nowhere"}, kZones, {}).error().field, "time_zone");
    EXPECT_EQ(next_within({.hours = {{0, 0, 60}}}, kZones, {}).error().field, "sending_hours");
}

TEST(OpeningAfter, IsTheNextAllowedDayOrNineInTheMorning) {
    const auto friday = day_of(kOffice, kZones, instant("2026-11-27T23:30", "Europe/Berlin")).value();
    EXPECT_EQ(shown(opening_after(kOffice, kZones, friday), "Europe/Berlin"), "2026-11-30T09:00:00");
    const SendingRules any{.time_zone = "Asia/Tokyo"};
    EXPECT_EQ(shown(opening_after(any, kZones, day_of(any, kZones, from_millis(0)).value()), "Asia/Tokyo"),
              "1970-01-02T09:00:00");
}

/// Found by going on quarter by quarter, knowing nothing of openings.
TimePoint first_quarter_within(const SendingRules& rules, TimePoint at) {
    for (;; at += 15min)
        if (is_within(rules.hours, kZones.shown_at(at, rules.time_zone).value().reading)) return at;
}

int expect_right_around(const std::string& zone, TimePoint change, std::chrono::seconds shift) {
    const auto local = kZones.shown_at(change, zone).value().reading;
    const auto minute_of_day =
        static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - date::floor<date::days>(local)).count());
    const auto clamped = [](int minute) { return std::clamp(minute, 0, 24 * 60); };
    const auto moved = static_cast<int>(std::abs(shift.count()) / 60);
    int tried = 0;
    // Hours that open and close before, within and behind the stretch that is skipped or shown twice.
    for (const int from : {-moved - 30, -moved, -moved / 2, 0, moved / 2, 60})
        for (const int length : {15, 30, moved + 60}) {
            const SendingHours hours{kEveryDay, clamped(minute_of_day + from), clamped(minute_of_day + from + length)};
            if (hours.from >= hours.until) continue;
            const SendingRules rules{.time_zone = zone, .hours = {hours}};
            for (auto at = change - 3h; at <= change + 3h; at += 90min, ++tried) {
                const auto found = next_within(rules, kZones, at);
                EXPECT_TRUE(found);
                if (!found || *found == at) continue;
                EXPECT_EQ(*found, first_quarter_within(rules, at))
                    << zone << ' ' << to_rfc3339(at) << ' ' << hours.from << '-' << hours.until;
            }
        }
    return tried;
}

TEST(NextWithin, IsRightAroundEveryChangeOfEveryZoneFrom2024To2030) {
    const date::sys_seconds begin = date::sys_days{2024_y / 1 / 1}, end = date::sys_days{2031_y / 1 / 1};
    int changes = 0, tried = 0;
    std::set<std::tuple<TimePoint, std::chrono::seconds, std::chrono::seconds>> seen;
    for (const auto& zone : date::get_tzdb().zones) {
        auto info = zone.get_info(begin);
        while (info.end < end) {
            const auto next = zone.get_info(info.end);
            ++changes;
            // Zones that change alike need not be walked again.
            if (seen.emplace(info.end, info.offset, next.offset).second)
                tried += expect_right_around(zone.name(), info.end, next.offset - info.offset);
            info = next;
            if (HasFailure()) return;
        }
    }
    std::cout << fmt::format("{} changes, {} of a kind, {} times with hours around them\n", changes, seen.size(),
                             tried);
    EXPECT_GT(changes, 1'000);
    EXPECT_GT(tried, 10'000);
}

}  // namespace
}  // namespace inboxpro
