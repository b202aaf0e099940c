#pragma once
#include <boost/json/object.hpp>

#include "outbox/ledger.h"
#include "outbox/send.h"
#include "tracking/events.h"
#include "tracking/messages.h"
#include "tracking/tally.h"

namespace inboxpro::http {

/// A message as the API shows it. `send` is empty for a mail that the extension sent. `is_silent`: a recipient objected
/// to tracking, perhaps after it was sent, so nothing more is stored of it.
boost::json::object message_json(const Message& message, const std::optional<Send>& send, const Tally& tally,
                                 bool is_silent);
/// The answer to creating or changing one: id, state, when it goes out, recipients, tracking.
boost::json::object submitted_json(const Message& message, const Send& send);
/// What happened to a mail on its way.
boost::json::object ledger_json(const LedgerEntry& entry);
/// One thing that was seen, and why it counts or not.
boost::json::object event_json(const JudgedEvent& event);

}  // namespace inboxpro::http
