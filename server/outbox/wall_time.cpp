#include "outbox/wall_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <sstream>

namespace inboxpro {
namespace {

Result<const date::time_zone*> zone_named(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return fail_field("time_zone", "there is no such time zone; names look like Europe/Berlin");
    }
}

std::optional<date::local_seconds> parsed(const std::string& text, const char* format) {
    std::istringstream in(text);
    date::local_seconds reading;
    in >> date::parse(format, reading);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return {};
    return reading;
}

}  // namespace

std::string text_of(date::local_seconds reading) {
    return date::format("%FT%T", reading);
}

std::optional<date::local_seconds> reading_from(const std::string& text) {
    if (const auto whole = parsed(text, "%FT%T")) return whole;
    return parsed(text, "%FT%R");
}

Result<TimePoint> SystemZones::instant_of(const WallTime& time) const {
    const auto* zone = TRY(zone_named(time.zone));
    return zone->to_sys(time.reading, date::choose::earliest);
}

Result<WallTime> SystemZones::shown_at(TimePoint time, const std::string& zone) const {
    const auto* known = TRY(zone_named(zone));
    return WallTime{.reading = date::floor<std::chrono::seconds>(known->to_local(time)), .zone = zone};
}

}  // namespace inboxpro
