#pragma once
#include "sandbox/calendar/event.h"

namespace inboxpro::sandbox::calendar {

/// Members that belong to one calendar's copy of an event, whoever organizes it.
bool is_private_member(std::string_view name);

/// What a client may write, checked. 400 with Google's reasons: `required`, `invalid`, `timeRangeEmpty`. As in Google,
/// an extended property whose key is longer than 44 characters is dropped, and a value is cut at 1024; members that
/// nobody may write (kind, etag, htmlLink …) and attachments are passed over.
std::expected<EventBody, GoogleError> read_event_body(const boost::json::object& body);

/// The other way: what read_event_body makes the same body of.
boost::json::object to_json(const EventBody& body);

/// What events.patch does to a body: objects are merged member by member, null removes, anything else replaces.
boost::json::object merged(boost::json::object target, const boost::json::object& patch);

/// 5 to 1024 characters of a-v and 0-9.
bool is_event_id(std::string_view id);

}  // namespace inboxpro::sandbox::calendar
