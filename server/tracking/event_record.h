#pragma once
#include <boost/json/object.hpp>

#include "tracking/events.h"

namespace inboxpro {

/// Where an event was committed: by which node, in which of its batches. Folding counts by it; see fold.h.
struct BatchMark {
    RawId node;
    std::int64_t batch = 0;
};

/// A stored event. Clear: message, recipient, kind, time, link, batch, and the verdict's label, confidence, rule and
/// version. Sealed: method, user agent, address, headers and the verdict's reasons, held in `memory` until it is
/// stored.
Document document_of(const JudgedEvent& judged, const BatchMark& mark, boost::json::storage_ptr memory = {});
Result<JudgedEvent> judged_event_of(const Document& document);
/// Clear fields alone, for a document that was not opened.
Result<TimePoint> time_of(const Document& document);
Result<MessageId> message_of_event(const Document& document);
Result<std::int64_t> batch_of(const Document& document);
Result<BatchMark> mark_of(const Document& document);

}  // namespace inboxpro
