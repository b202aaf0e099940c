#include "sandbox/calendar/recurrence.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sandbox/calendar/ical.h"

namespace inboxpro::sandbox::calendar {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimePoint kFarFuture = from_rfc3339("2090-01-01T00:00:00Z").value();

EventTime at(std::string_view wall, const std::string& zone) {
    return {.at = to_instant(read_wall(wall).value(), zone), .zone = zone};
}

std::vector<std::string> texts(const EventTime& start, const std::vector<std::string>& lines,
                               TimePoint until = kFarFuture) {
    std::vector<std::string> found;
    for (const auto& time : occurrences(start, lines, TimePoint::min(), until, 50))
        found.push_back(time.all_day ? to_date_text(time.day) : to_offset_text(time.at, time.zone));
    return found;
}

using Texts = std::vector<std::string>;

TEST(Recurrence, KeepsToTheClocksOnTheWall) {
    EXPECT_EQ(texts(at("2026-10-18T10:00:00", "Europe/Berlin"), {"RRULE:FREQ=WEEKLY;COUNT=3"}),
              (Texts{"2026-10-18T10:00:00+02:00", "2026-10-25T10:00:00+01:00", "2026-11-01T10:00:00+01:00"}));
    EXPECT_EQ(texts(at("2026-03-07T12:00:00", "America/New_York"), {"RRULE:FREQ=DAILY;COUNT=2"}),
              (Texts{"2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00"}));
}

TEST(Recurrence, TakesTheOffsetBeforeAGapAndTheFirstOfTwoEqualHours) {
    EXPECT_EQ(texts(at("2026-03-28T02:30:00", "Europe/Berlin"), {"RRULE:FREQ=DAILY;COUNT=3"}),
              (Texts{"2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"}));
    EXPECT_EQ(texts(at("2026-10-24T02:30:00", "Europe/Berlin"), {"RRULE:FREQ=DAILY;COUNT=3"}),
              (Texts{"2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}));
}

TEST(Recurrence, LeavesOutExceptionsAndAddsDates) {
    const auto start = at("2026-11-02T09:00:00", "Europe/Berlin");
    EXPECT_EQ(
        texts(start, {"RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20261103T080000Z",
                      "EXDATE;TZID=America/New_York:20261104T030000", "RDATE;TZID=Europe/Berlin:20261110T150000"}),
        (Texts{"2026-11-02T09:00:00+01:00", "2026-11-05T09:00:00+01:00", "2026-11-10T15:00:00+01:00"}));
    EXPECT_EQ(texts(start, {"RRULE:FREQ=DAILY;UNTIL=20261104T080000Z", "EXDATE;VALUE=DATE:20261103"}),
              (Texts{"2026-11-02T09:00:00+01:00", "2026-11-04T09:00:00+01:00"}));
    EXPECT_EQ(texts(start, {"RDATE:20261110T100000Z,20261111T100000Z"}),
              (Texts{"2026-11-02T09:00:00+01:00", "2026-11-10T11:00:00+01:00", "2026-11-11T11:00:00+01:00"}));
}

TEST(Recurrence, CountsWholeDays) {
    const EventTime start{.all_day = true, .day = read_date("2028-02-29").value()};
    EXPECT_EQ(texts(start, {"RRULE:FREQ=YEARLY;COUNT=2"}), (Texts{"2028-02-29", "2032-02-29"}));
    EXPECT_EQ(texts(start, {"RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20280430"}), (Texts{"2028-03-31", "2028-04-28"}));
}

TEST(Recurrence, RefusesWhatIsNone) {
    const auto start = at("2026-11-02T09:00:00", "Europe/Berlin");
    const auto good = [&](const std::vector<std::string>& lines) { return is_recurrence(lines, start); };
    EXPECT_TRUE(good({"RRULE:FREQ=DAILY"}));
    EXPECT_TRUE(good({"RDATE:20261110T100000Z"}));
    for (const char* line : {"RRULE:FREQ=OFTEN", "RRULE:FREQ=SECONDLY", "RRULE:", "DTSTART:20261110T100000Z",
                             "nonsense", "", "EXDATE:20261110T100000Z", "RRULE:FREQ=DAILY\r\nSUMMARY:x", "END:VEVENT"})
        EXPECT_FALSE(good({line})) << line;
}

const std::vector<std::string> kZones = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
                                         "Pacific/Auckland"};
constexpr std::array kDays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

struct Weekly {
    EventTime start;
    WallTime wall;
    int interval = 1;
    std::set<unsigned> weekdays;  ///< 0: Sunday

    std::string rule() const {
        std::string days;
        for (const auto day : weekdays) days += fmt::format("{}{}", days.empty() ? "" : ",", kDays.at(day));
        return fmt::format("RRULE:FREQ=WEEKLY;INTERVAL={};BYDAY={};WKST=MO", interval, days);
    }
};

/// Begins on a day of its own rule, at four or later: no clock jumps then.
Weekly any_weekly() {
    Weekly weekly;
    const auto zone = *rc::gen::elementOf(kZones);
    const date::local_days day{date::year{2026} / 1 / 1};
    const auto first = day + date::days{*rc::gen::inRange(0, 400)};
    weekly.wall = first + hours{*rc::gen::inRange(4, 24)} + minutes{*rc::gen::inRange(0, 60)};
    weekly.start = {.at = to_instant(weekly.wall, zone), .zone = zone};
    weekly.interval = *rc::gen::inRange(1, 5);
    weekly.weekdays = *rc::gen::container<std::set<unsigned>>(rc::gen::inRange(0U, 7U));
    weekly.weekdays.insert(date::weekday{first}.c_encoding());
    return weekly;
}

/// Day by day, by the numbers of weeks since a Monday.
std::vector<TimePoint> computed(const Weekly& weekly, TimePoint until) {
    const auto first = date::floor<date::days>(weekly.wall);
    const auto week_of = [](date::local_days day) { return (day.time_since_epoch().count() + 3) / 7; };
    auto* zone = icaltimezone_get_builtin_timezone(weekly.start.zone.c_str());
    std::vector<TimePoint> found;
    for (auto day = first;; day += date::days{1}) {
        const auto wall = to_ical(day + (weekly.wall - first), false);
        const TimePoint instant{std::chrono::seconds{icaltime_as_timet_with_zone(wall, zone)}};
        if (instant >= until) return found;
        if ((week_of(day) - week_of(first)) % weekly.interval == 0 &&
            weekly.weekdays.contains(date::weekday{day}.c_encoding()))
            found.push_back(instant);
    }
}

RC_GTEST_PROP(Recurrence, AgreesWithACalendarCountedByDaysInLibicalsZones, ()) {
    const auto weekly = any_weekly();
    const auto until = weekly.start.at + hours{24 * *rc::gen::inRange(1, 500)};
    std::vector<TimePoint> found;
    for (const auto& time : occurrences(weekly.start, std::vector{weekly.rule()}, TimePoint::min(), until, SIZE_MAX))
        found.push_back(time.at);
    RC_ASSERT(found == computed(weekly, until));
}

RC_GTEST_PROP(Recurrence, AWindowShowsTheSameAsTheWhole, ()) {
    const auto weekly = any_weekly();
    const auto from = weekly.start.at + hours{*rc::gen::inRange(-200, 2'000)};
    const auto until = from + hours{*rc::gen::inRange(0, 2'000)};
    const std::vector lines{weekly.rule()};
    auto whole = occurrences(weekly.start, lines, TimePoint::min(), until, SIZE_MAX);
    std::erase_if(whole, [&](const EventTime& time) { return time.at < from; });
    RC_ASSERT(occurrences(weekly.start, lines, from, until, SIZE_MAX) == whole);
}

RC_GTEST_PROP(EventTimes, ComeBackFromTheirInstanceIds, ()) {
    const auto weekly = any_weekly();
    RC_ASSERT(from_instance_suffix(instance_suffix(weekly.start), weekly.start) == weekly.start);
    const EventTime day{.all_day = true, .day = date::floor<date::days>(weekly.wall)};
    RC_ASSERT(from_instance_suffix(instance_suffix(day), day) == day);
}

}  // namespace
}  // namespace inboxpro::sandbox::calendar
