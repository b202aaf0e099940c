#pragma once
#include "sandbox/calendar/api.h"

namespace inboxpro::sandbox::calendar {

/// What events.list is asked for.
struct EventQuery {
    Window window;
    bool single_events = false;
    bool show_deleted = false;
    std::string order;  ///< "", "startTime" or "updated"
    std::string words;  ///< All must occur in a text of the event; lower case.
    std::string ical_uid;
    std::vector<std::string> private_properties, shared_properties;  ///< "name=value"; all must match.
    std::optional<TimePoint> updated_min;
    std::uint64_t changed_after = 0;  ///< By a sync token; 0: everything.

    /// Whether what is found can be kept up by a sync token.
    bool may_sync() const;
};

/// From the parameters; with a syncToken, what it stands for. 400 for values and combinations that Google refuses, 410
/// for an old token.
std::expected<EventQuery, GoogleError> event_query_of(const Call& call, const Desk& desk);

/// The name of a calendar's events for its sync tokens.
std::string sync_name(const Calendar& calendar);

/// The events of a calendar that are asked for, instances worked out, in no order.
std::vector<Event> found_events(const Calendar& calendar, const EventQuery& query);

/// By which a list is ordered, unique in it.
std::string order_key(const Calendar& calendar, const EventQuery& query, const Event& event);

}  // namespace inboxpro::sandbox::calendar
