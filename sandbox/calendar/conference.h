#pragma once
#include <functional>

#include "sandbox/calendar/event.h"

namespace inboxpro::sandbox::calendar {

/// What becomes of an event's conference by a body with conferenceDataVersion=1: a createRequest begins a new one,
/// which is pending, unless its requestId is that of the one there is; null removes it; other data stays as it comes.
/// Absent data removes it where the body `replaces` the event. 400 `invalid` for what makes no conference.
std::expected<std::optional<Conference>, GoogleError> next_conference(const std::optional<Conference>& present,
                                                                      const boost::json::object& body, bool replaces);

/// A pending one with its Google Meet; `letters` makes up so many lower-case letters.
Conference finished(const Conference& pending, const std::function<std::string(std::size_t)>& letters);

}  // namespace inboxpro::sandbox::calendar
