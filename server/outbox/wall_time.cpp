#include "outbox/wall_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace inboxpro {
namespace {

Result<const date::time_zone*> zone_named(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return fail_field("time_zone", "there is no such time zone; names look like Europe/Berlin");
    }
}

/// The digits of text there, and nothing else; empty otherwise.
std::optional<int> number_at(const std::string& text, std::size_t from, std::size_t digits) {
    int number = 0;
    const auto* const begin = text.data() + from;
    if (!std::all_of(begin, begin + digits, [](unsigned char c) { return std::isdigit(c) != 0; })) return {};
    std::from_chars(begin, begin + digits, number);
    return number;
}

}  // namespace

std::string text_of(date::local_seconds reading) {
    return date::format("%FT%T", reading);
}

// Not date::parse, which reads seconds as long double and leaves the x87 stack fuller each time that it fails.
std::optional<date::local_seconds> reading_from(const std::string& text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00";
    constexpr std::size_t kWithoutSeconds = 16;
    if (text.size() != kShape.size() && text.size() != kWithoutSeconds) return {};
    std::vector<int> numbers;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(kShape.find_first_not_of('0', at), kShape.size());
        const auto number = number_at(text, at, end - at);
        if (!number || (end < text.size() && text[end] != kShape[end])) return {};
        numbers.push_back(*number);
        at = end + 1;
    }
    numbers.resize(6);
    const date::year_month_day day{date::year{numbers[0]}, date::month{static_cast<unsigned>(numbers[1])},
                                   date::day{static_cast<unsigned>(numbers[2])}};
    if (!day.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59) return {};
    return date::local_days{day} + std::chrono::hours{numbers[3]} + std::chrono::minutes{numbers[4]} +
           std::chrono::seconds{numbers[5]};
}

Result<TimePoint> SystemZones::instant_of(const WallTime& time) const {
    const auto* zone = TRY(zone_named(time.zone));
    return zone->to_sys(time.reading, date::choose::earliest);
}

Result<WallTime> SystemZones::shown_at(TimePoint time, const std::string& zone) const {
    const auto* known = TRY(zone_named(zone));
    return WallTime{.reading = date::floor<std::chrono::seconds>(known->to_local(time)), .zone = zone};
}

Result<TimePoint> SystemZones::next_change(TimePoint time, const std::string& zone) const {
    const auto* known = TRY(zone_named(zone));
    return known->get_info(time).end;
}

}  // namespace inboxpro
