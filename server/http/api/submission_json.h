#pragma once
#include "http/api/json_input.h"
#include "outbox/outbox.h"

namespace inboxpro::http {

/// Bytes of JSON in which a mail of 25 MiB still fits, its attachments in base64.
inline constexpr std::size_t kLargestMailBody = 38 * 1024 * 1024;
/// In one field of a mail.
inline constexpr std::size_t kMostRecipients = 500;

/// The body of POST /api/v1/messages. Refusals name the field.
Result<Submission> submission_from(const boost::json::object& body, const Zones& zones);
/// When a mail is to go out: send_at, time_zone, in_hours, undo_seconds. An instant together with a zone means what
/// clocks show there then.
Result<Timing> timing_from(const JsonInput& input, const Zones& zones);

/// The `track` member: both switches are on unless they say otherwise.
Result<TrackSwitches> track_switches(const JsonInput& input);

}  // namespace inboxpro::http
