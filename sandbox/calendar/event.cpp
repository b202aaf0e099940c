#include "sandbox/calendar/event.h"

#include <fmt/format.h>

#include "http/server/text.h"

namespace inboxpro::sandbox::calendar {

std::string etag_of(std::uint64_t stamp) {
    return fmt::format("\"{}\"", stamp);
}

Attendee* attendee_of(Event& event, std::string_view address) {
    for (auto& attendee : event.body.attendees)
        if (http::same_ignoring_case(attendee.email, address)) return &attendee;
    return nullptr;
}

const Attendee* attendee_of(const Event& event, std::string_view address) {
    for (const auto& attendee : event.body.attendees)
        if (http::same_ignoring_case(attendee.email, address)) return &attendee;
    return nullptr;
}

}  // namespace inboxpro::sandbox::calendar
