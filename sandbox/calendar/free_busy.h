#pragma once
#include <vector>

#include "sandbox/calendar/calendar.h"

namespace inboxpro::sandbox::calendar {

struct Period {
    TimePoint start, end;
    auto operator<=>(const Period&) const = default;
};

/// The same time without overlaps, in order, cut to what lies from `begin` until before `end`. Periods that touch
/// become one; empty ones are left out.
std::vector<Period> joined(std::vector<Period> periods, TimePoint begin, TimePoint end);

/// Whether an event keeps its calendar's owner from other things: not when it is deleted, transparent, or declined.
bool blocks(const Event& event, const Calendar& calendar);

/// When the calendar is taken in that time, instances of series included. An all-day event takes its days from midnight
/// to midnight in the calendar's zone.
std::vector<Period> busy_times(const Calendar& calendar, TimePoint begin, TimePoint end);

}  // namespace inboxpro::sandbox::calendar
