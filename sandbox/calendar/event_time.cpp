#include "sandbox/calendar/event_time.h"

#include <fmt/format.h>

#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

std::expected<EventTime, GoogleError> read_instant(const std::string& text, std::string zone, std::string_view which) {
    if (const auto at = from_rfc3339(text))
        return EventTime{.at = std::chrono::floor<std::chrono::seconds>(*at), .zone = std::move(zone)};
    const auto wall = read_wall(text);
    if (!wall) return invalid(fmt::format("Invalid value for: Invalid format: \"{}\"", text));
    if (zone.empty()) return required(fmt::format("Missing time zone definition for {} time.", which));
    const auto at = to_instant(*wall, zone);
    return EventTime{.at = at, .zone = std::move(zone)};
}

}  // namespace

std::expected<EventTime, GoogleError> read_event_time(const json::object& body, std::string_view which) {
    const auto* given = object_in(body, which);
    if (given == nullptr) return required(fmt::format("Missing {} time.", which));
    const auto text = text_in(*given, "dateTime"), day = text_in(*given, "date");
    auto zone = text_in(*given, "timeZone");
    if (!zone.empty() && !is_zone(zone))
        return invalid(fmt::format("Invalid time zone definition for {} time.", which));
    if (text.empty() && day.empty()) return required(fmt::format("Missing {} time.", which));
    if (!text.empty() && !day.empty()) return invalid(fmt::format("Invalid {} time.", which));
    if (day.empty()) return read_instant(text, std::move(zone), which);
    const auto midnight = read_date(day);
    if (!midnight) return invalid(fmt::format("Invalid value for: Invalid format: \"{}\"", day));
    return EventTime{.all_day = true, .day = *midnight, .zone = std::move(zone)};
}

json::object to_json(const EventTime& time, const std::string& shown, const std::string& standard) {
    if (time.all_day) return {{"date", to_date_text(time.day)}};
    return {{"dateTime", to_offset_text(time.at, shown)}, {"timeZone", time.zone.empty() ? standard : time.zone}};
}

TimePoint instant_of(const EventTime& time, const std::string& zone) {
    return time.all_day ? to_instant(time.day, zone) : time.at;
}

EventTime moved_to(const EventTime& start, WallTime wall) {
    auto moved = start;
    if (start.all_day)
        moved.day = wall;
    else
        moved.at = to_instant(wall, start.zone.empty() ? "Etc/UTC" : start.zone);
    return moved;
}

WallTime wall_of(const EventTime& time) {
    return time.all_day ? time.day : to_wall(time.at, time.zone.empty() ? "Etc/UTC" : time.zone);
}

std::string instance_suffix(const EventTime& start) {
    if (start.all_day) return date::format("%Y%m%d", start.day);
    return date::format("%Y%m%dT%H%M%SZ", std::chrono::floor<std::chrono::seconds>(start.at));
}

std::optional<EventTime> from_instance_suffix(std::string_view suffix, const EventTime& like) {
    std::string text(suffix);
    if (text.size() != (like.all_day ? 8U : 16U)) return {};
    text.insert(6, "-").insert(4, "-");
    auto time = like;
    if (like.all_day) {
        const auto day = read_date(text);
        if (!day) return {};
        time.day = *day;
    } else {
        if (!text.ends_with('Z')) return {};
        text.insert(15, ":").insert(13, ":");
        const auto at = from_rfc3339(text);
        if (!at) return {};
        time.at = *at;
    }
    return instance_suffix(time) == suffix ? std::optional(time) : std::nullopt;
}

}  // namespace inboxpro::sandbox::calendar
