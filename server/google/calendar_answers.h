#pragma once
#include "google/calendar_api.h"

namespace inboxpro {

/// What Calendar's answers say. `unavailable` for what cannot be read: the call may have had its effect. Fields that
/// are absent are empty.
Result<CalendarList> read_calendar_list(std::string_view body);
/// An entry for each of `asked`: an error as well when the answer does not name it or names it with an error.
Result<BusyTimes> read_busy_times(std::string_view body, const std::vector<std::string>& asked);
Result<CalendarEvent> read_event(std::string_view body);
Result<EventPage> read_event_page(std::string_view body);
Result<Channel> read_channel(std::string_view body);
Result<std::string> read_setting(std::string_view body);

}  // namespace inboxpro
