#pragma once
#include <span>
#include <vector>

#include "sandbox/calendar/event_time.h"

namespace inboxpro::sandbox::calendar {

/// Whether all `lines` are RRULE, EXRULE, RDATE or EXDATE as RFC 5545 writes them, with times where `start` has them
/// and with at least one that adds occurrences.
bool is_recurrence(std::span<const std::string> lines, const EventTime& start);

/// Where a series begins anew, and what its rules make of that: the starts at or after `from` and before `until`, in
/// order, at most `limit`. A rule goes by the clocks in the zone of `start`, so that a meeting at ten stays at ten when
/// clocks change. All-day events count as midnight UTC here. Looks at no more than a hundred thousand occurrences of a
/// rule. `lines` must be a recurrence.
std::vector<EventTime> occurrences(const EventTime& start, std::span<const std::string> lines, TimePoint from,
                                   TimePoint until, std::size_t limit);

}  // namespace inboxpro::sandbox::calendar
