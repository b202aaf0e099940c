#pragma once
#include <boost/json/object.hpp>

#include "sandbox/calendar/zone.h"
#include "sandbox/google_error.h"

namespace inboxpro::sandbox::calendar {

/// When an event begins or ends: an instant, or a day that is meant wherever one is.
struct EventTime {
    bool all_day = false;
    WallTime day{};    ///< Of an all-day event: its midnight.
    TimePoint at{};    ///< Of any other.
    std::string zone;  ///< As it was given; empty: none was.

    bool operator==(const EventTime&) const = default;
};

/// What a body's "start", "end" or "originalStartTime" says. 400 `required` when it says nothing, 400 `invalid` for
/// what is no time; `which` is "start" or "end" for the message.
std::expected<EventTime, GoogleError> read_event_time(const boost::json::object& body, std::string_view which);

/// As the API shows it, with the offset of `shown`; without a zone of its own it names `standard`.
boost::json::object to_json(const EventTime& time, const std::string& shown, const std::string& standard);

/// An all-day event begins at midnight in `zone`.
TimePoint instant_of(const EventTime& time, const std::string& zone);
/// `start` moved so that it shows `wall` in its zone, or lies on that day.
EventTime moved_to(const EventTime& start, WallTime wall);
/// What clocks show at an event's start, in its own zone.
WallTime wall_of(const EventTime& time);

/// What follows the underscore in an instance's id: "20261123" or "20261123T090000Z" (UTC).
std::string instance_suffix(const EventTime& start);
/// The other way; `like` says whether it is all-day and in which zone. Empty for anything else.
std::optional<EventTime> from_instance_suffix(std::string_view suffix, const EventTime& like);

}  // namespace inboxpro::sandbox::calendar
