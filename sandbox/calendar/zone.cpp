#include "sandbox/calendar/zone.h"

#include <date/tz.h>

#include <sstream>

namespace inboxpro::sandbox::calendar {
namespace {

using Seconds = std::chrono::seconds;

/// Empty unless all of `text` is in `format`.
std::optional<WallTime> parsed(std::string_view text, const char* format) {
    std::istringstream in{std::string(text)};
    date::local_time<std::chrono::milliseconds> wall;
    in >> date::parse(format, wall);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return {};
    return std::chrono::floor<Seconds>(wall);
}

}  // namespace

bool is_zone(std::string_view name) {
    // The library throws for a name that it does not know, and reads a file to find out: ask for plain names only.
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
    };
    if (name.empty() || !std::ranges::all_of(name, plain)) return false;
    try {
        return date::locate_zone(name) != nullptr;
    } catch (const std::runtime_error&) {
        return false;
    }
}

TimePoint to_instant(WallTime wall, const std::string& zone) {
    const auto info = date::locate_zone(zone)->get_info(wall);
    return TimePoint{wall.time_since_epoch() - info.first.offset};
}

WallTime to_wall(TimePoint time, const std::string& zone) {
    return date::locate_zone(zone)->to_local(std::chrono::floor<Seconds>(time));
}

std::string to_offset_text(TimePoint time, const std::string& zone) {
    const date::zoned_time<Seconds> zoned{date::locate_zone(zone), std::chrono::floor<Seconds>(time)};
    auto text = date::format("%FT%T%Ez", zoned);
    if (text.ends_with("+00:00")) text.replace(text.size() - 6, 6, "Z");
    return text;
}

std::optional<WallTime> read_wall(std::string_view text) {
    return text.size() >= 19 && text[10] == 'T' ? parsed(text, "%FT%T") : std::nullopt;
}

std::optional<WallTime> read_date(std::string_view text) {
    return text.size() == 10 ? parsed(text, "%F") : std::nullopt;
}

std::string to_date_text(WallTime midnight) {
    return date::format("%F", midnight);
}

}  // namespace inboxpro::sandbox::calendar
