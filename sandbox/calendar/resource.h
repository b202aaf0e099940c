#pragma once
#include "sandbox/calendar/calendar.h"

namespace inboxpro::sandbox::calendar {

/// How somebody wants to see the events of a calendar.
struct View {
    const Calendar& calendar;
    Role role;
    std::string zone;                      ///< Whose offsets times have.
    std::size_t max_attendees = SIZE_MAX;  ///< With more, only the calendar's own entry is shown.
};

/// An Event of the discovery document. Who may only see busy times, or reads a private event without being a writer,
/// sees when it is and not what.
boost::json::object resource_of(const Event& event, const View& view);
/// What is left of a deleted one in an incremental list.
boost::json::object stub_of(const Event& event, const View& view);

}  // namespace inboxpro::sandbox::calendar
