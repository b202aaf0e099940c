#include "sandbox/calendar/free_busy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sandbox/visitor.h"

namespace inboxpro::sandbox::calendar {
namespace {

TimePoint minute(int number) {
    return TimePoint{std::chrono::minutes{number}};
}

RC_GTEST_PROP(FreeBusy, IsBusyExactlyWhereSomePeriodIs, ()) {
    std::vector<Period> periods;
    for (const auto start : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200)))
        periods.emplace_back(minute(start), minute(start + *rc::gen::inRange(0, 30)));
    const auto begin = *rc::gen::inRange(0, 200), end = *rc::gen::inRange(0, 200);
    const auto whole = joined(periods, minute(begin), minute(end));
    const auto covered = [](const std::vector<Period>& by, int number) {
        return std::ranges::any_of(
            by, [&](const Period& period) { return period.start <= minute(number) && minute(number) < period.end; });
    };
    for (int i = 0; i < 240; ++i) RC_ASSERT(covered(whole, i) == (i >= begin && i < end && covered(periods, i)));
    for (std::size_t i = 1; i < whole.size(); ++i) RC_ASSERT(whole[i - 1].end < whole[i].start);
}

/// A calendar in Berlin with no events yet.
struct InBerlin {
    testing::FakeClock clock;
    testing::SeededRandom random;
    Users users{clock, random};
    Stamps stamps{clock};
    Calendar calendar{"ada@sandbox.example", *users.add("ada@sandbox.example", "Ada", {}, "Europe/Berlin").value(),
                      stamps};

    void put(std::string id, EventTime start, EventTime end, std::vector<std::string> recurrence = {}) {
        Event event{.id = std::move(id)};
        event.body.start = std::move(start);
        event.body.end = std::move(end);
        event.body.recurrence = std::move(recurrence);
        calendar.put(std::move(event));
    }
};

EventTime berlin(std::string_view wall) {
    return {.at = to_instant(read_wall(wall).value(), "Europe/Berlin"), .zone = "Europe/Berlin"};
}

TEST(FreeBusy, AnAllDayEventTakesTheDayThatTheCalendarHas) {
    InBerlin at;
    at.put("daylong", {.all_day = true, .day = read_date("2026-10-25").value()},
           {.all_day = true, .day = read_date("2026-10-26").value()});
    const auto busy = busy_times(at.calendar, berlin("2026-10-20T00:00:00").at, berlin("2026-10-30T00:00:00").at);
    ASSERT_EQ(busy.size(), 1U);
    EXPECT_EQ(busy.front().end - busy.front().start, std::chrono::hours{25});
}

TEST(FreeBusy, FollowsAMovedInstanceOfASeries) {
    InBerlin at;
    at.put("daily", berlin("2026-11-23T10:00:00"), berlin("2026-11-23T11:00:00"), {"RRULE:FREQ=DAILY;COUNT=3"});
    auto moved = at.calendar.find("daily_20261124T090000Z").value();
    moved.body.start = berlin("2026-12-01T10:00:00");
    moved.body.end = berlin("2026-12-01T10:30:00");
    at.calendar.put(moved);
    auto gone = at.calendar.find("daily_20261125T090000Z").value();
    gone.body.status = "cancelled";
    at.calendar.put(gone);
    const auto busy = busy_times(at.calendar, berlin("2026-11-20T00:00:00").at, berlin("2026-12-10T00:00:00").at);
    EXPECT_EQ(busy, (std::vector<Period>{{berlin("2026-11-23T10:00:00").at, berlin("2026-11-23T11:00:00").at},
                                         {berlin("2026-12-01T10:00:00").at, berlin("2026-12-01T10:30:00").at}}));
    EXPECT_FALSE(at.calendar.find("daily_20261126T090000Z"));
}

}  // namespace
}  // namespace inboxpro::sandbox::calendar
