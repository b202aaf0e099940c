#pragma once
#include "sandbox/calendar/calendars.h"
#include "sandbox/calendar/guests.h"
#include "sandbox/calendar/methods.h"
#include "sandbox/calendar/resource.h"

namespace inboxpro::sandbox::calendar {

void add_event_methods(Api& api, Calendars& calendars);     ///< events.get, insert, patch, update and delete
void add_listing_methods(Api& api, Calendars& calendars);   ///< events.list and instances
void add_calendar_methods(Api& api, Calendars& calendars);  ///< calendarList, settings
void add_free_busy_method(Api& api, Calendars& calendars);
void add_watch_methods(Api& api, Calendars& calendars, Channels& channels);  ///< events.watch, channels.stop
/// /_sandbox/calendars and /_sandbox/calendar/…; described at the top of sandbox.h.
void add_control_routes(Calls& calls, Calendars& calendars, Users& users, Quota& quota);

// What several methods read alike from a call.

std::expected<boost::json::object, GoogleError> read_body(const Call& call);
/// maxAttendees and timeZone; 400 for what is none.
std::expected<View, GoogleError> view_of(const Call& call, const Desk& desk);
/// maxResults, with a standard and a limit.
std::expected<std::size_t, GoogleError> max_results(const Call& call, std::size_t standard, std::size_t most);
/// timeMin and timeMax: times without an offset are refused, and a range that ends before it begins.
std::expected<Window, GoogleError> window_of(const Call& call);
/// A time with an offset; empty when the parameter is absent.
std::expected<std::optional<TimePoint>, GoogleError> time_of(const Call& call, std::string_view name);
bool is_true(const Call& call, std::string_view name);

}  // namespace inboxpro::sandbox::calendar
