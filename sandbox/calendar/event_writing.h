#pragma once
#include "sandbox/calendar/guests.h"

namespace inboxpro::sandbox::calendar {

/// How a call wants to write.
struct Writing {
    SendUpdates updates = SendUpdates::none;
    bool with_conference = false;  ///< conferenceDataVersion=1; otherwise a conference in the body is ignored.
    std::string if_match;          ///< Empty, or the etag that the event must have.
    bool replaces = false;         ///< events.update: what the body leaves out is reset.
};

using Written = std::expected<Event, GoogleError>;

/// 409 `duplicate` when the id is taken, also by a deleted event; 400 as read_event_body, and for a bad id.
Written insert_event(Desk& desk, const boost::json::object& body, const Writing& writing);
/// 404; 403 `forbidden` for a deleted one; 403 `forbiddenForNonOrganizer` for what is the organizer's to change; 412;
/// 400 as read_event_body.
Written change_event(Desk& desk, std::string_view id, const boost::json::object& body, const Writing& writing);
/// 404, 410 `deleted`, 412. A guest's deletion is a declined invitation.
Written delete_event(Desk& desk, std::string_view id, const Writing& writing);

}  // namespace inboxpro::sandbox::calendar
