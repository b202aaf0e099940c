#pragma once
#include "google/calendar_api.h"

namespace inboxpro {

/// The span in pieces that Google takes, each at most kLongestFreeBusy; none of an empty span.
std::vector<TimeSpan> pieces_of(TimeSpan span);

/// In order; what overlaps or touches is one. Empty spans are left out.
std::vector<TimeSpan> joined(std::vector<TimeSpan> busy);

/// When the calendars are busy in a span of any length: asks piece by piece and joins the answers. A calendar whose
/// times are unknown in one piece is unknown altogether. An error when Google refuses a piece as a whole. Each call is
/// a read and may be repeated by the caller.
Task<Result<BusyTimes>> busy_between(CalendarApi& google, Secret access_token, std::vector<std::string> calendars,
                                     TimeSpan span);

}  // namespace inboxpro
