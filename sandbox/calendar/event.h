#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "sandbox/calendar/event_time.h"

namespace inboxpro::sandbox::calendar {

struct Attendee {
    std::string email;
    std::string display_name;
    std::string response_status = "needsAction";  ///< Or declined, tentative, accepted.
    std::string comment;
    int additional_guests = 0;
    bool optional = false;
    bool resource = false;

    bool operator==(const Attendee&) const = default;
};

/// What "conferenceData" says.
struct Conference {
    std::string request_id;  ///< Of the request that made it; empty: it came with the event, ready.
    bool pending = false;    ///< Google is still making it.
    boost::json::object data;

    bool operator==(const Conference&) const = default;
};

/// The part of an event that clients write.
struct EventBody {
    EventTime start, end;
    std::vector<std::string> recurrence;
    std::vector<Attendee> attendees;
    std::string status = "confirmed";  ///< Or tentative, cancelled.
    int sequence = 0;
    /// The members that are kept as they come: summary, description, location, extendedProperties …; see
    /// event_body.h.
    boost::json::object kept;

    bool operator==(const EventBody&) const = default;
};

/// Who an event belongs to: the address of a person or the id of a calendar.
struct Party {
    std::string email;
    std::string display_name;
};

/// One copy of an event, as one calendar keeps it.
struct Event {
    std::string id;
    std::string ical_uid;
    EventBody body;
    std::optional<Conference> conference;
    Party creator, organizer;
    TimePoint created{}, updated{};
    std::uint64_t stamp = 0;  ///< Grows with every change in any calendar; the etag.
    /// Of an instance that is not as its series says, or of one that was worked out from it.
    std::string series_id;
    std::optional<EventTime> original_start;

    bool is_cancelled() const { return body.status == "cancelled"; }
    bool is_series() const { return !body.recurrence.empty(); }
};

std::string etag_of(std::uint64_t stamp);

/// Its attendee with this address, without regard to case; null when there is none.
const Attendee* attendee_of(const Event& event, std::string_view address);
Attendee* attendee_of(Event& event, std::string_view address);

}  // namespace inboxpro::sandbox::calendar
