#include "sandbox/calendar/api.h"

#include <fmt/format.h>

#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

std::expected<std::size_t, GoogleError> count_of(const Call& call, std::string_view name, std::size_t standard) {
    const auto text = call.query(name);
    if (text.empty()) return standard;
    const auto number = to_number(text);
    if (!number) return invalid_parameter(name, fmt::format("Invalid integer value: '{}'.", text));
    if (*number == 0)
        return invalid_parameter(name, "Invalid value '0'. Values must be within the range: [1, 2147483647]");
    return *number;
}

}  // namespace

std::expected<boost::json::object, GoogleError> read_body(const Call& call) {
    auto body = read_object(call.request.body);
    if (!body) return std::unexpected(GoogleError{.code = 400, .reason = "parseError", .message = "Parse Error"});
    return std::move(*body);
}

std::expected<View, GoogleError> view_of(const Call& call, const Desk& desk) {
    auto zone = call.query("timeZone");
    if (!zone.empty() && !is_zone(zone))
        return invalid_parameter("timeZone", fmt::format("Invalid time zone: '{}'.", zone));
    const auto attendees = count_of(call, "maxAttendees", SIZE_MAX);
    if (!attendees) return std::unexpected(attendees.error());
    return View{.calendar = desk.calendar,
                .role = desk.role,
                .zone = zone.empty() ? desk.calendar.time_zone : std::move(zone),
                .max_attendees = *attendees};
}

std::expected<std::size_t, GoogleError> max_results(const Call& call, std::size_t standard, std::size_t most) {
    auto count = count_of(call, "maxResults", standard);
    if (count) *count = std::min(*count, most);
    return count;
}

std::expected<std::optional<TimePoint>, GoogleError> time_of(const Call& call, std::string_view name) {
    const auto text = call.query(name);
    if (text.empty()) return std::nullopt;
    const auto time = from_rfc3339(text);
    if (!time) return refusal::bad_request("Bad Request");
    return std::chrono::floor<std::chrono::seconds>(*time);
}

std::expected<Window, GoogleError> window_of(const Call& call) {
    const auto begin = time_of(call, "timeMin");
    if (!begin) return std::unexpected(begin.error());
    const auto end = time_of(call, "timeMax");
    if (!end) return std::unexpected(end.error());
    if (*begin && *end && **end <= **begin) return time_range_empty();
    return Window{*begin, *end};
}

bool is_true(const Call& call, std::string_view name) {
    return call.query(name) == "true";
}

}  // namespace inboxpro::sandbox::calendar
