#include "sandbox/calendar/ical.h"

namespace inboxpro::sandbox::calendar {

icaltimetype to_ical(WallTime wall, bool is_date) {
    const auto day = date::floor<date::days>(wall);
    const date::year_month_day calendar_day{day};
    const date::hh_mm_ss clock{wall - day};
    auto time = icaltime_null_time();
    time.year = static_cast<int>(calendar_day.year());
    time.month = static_cast<int>(static_cast<unsigned>(calendar_day.month()));
    time.day = static_cast<int>(static_cast<unsigned>(calendar_day.day()));
    time.hour = is_date ? 0 : static_cast<int>(clock.hours().count());
    time.minute = is_date ? 0 : static_cast<int>(clock.minutes().count());
    time.second = is_date ? 0 : static_cast<int>(clock.seconds().count());
    time.is_date = is_date ? 1 : 0;
    return time;
}

icaltimetype to_ical_utc(TimePoint time) {
    auto in_utc = to_ical(WallTime{std::chrono::floor<std::chrono::seconds>(time).time_since_epoch()}, false);
    in_utc.zone = icaltimezone_get_utc_timezone();
    return in_utc;
}

WallTime wall_from(const icaltimetype& time) {
    const date::local_days day{date::year{time.year} / time.month / time.day};
    return day + std::chrono::hours{time.hour} + std::chrono::minutes{time.minute} + std::chrono::seconds{time.second};
}

}  // namespace inboxpro::sandbox::calendar
