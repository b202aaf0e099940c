#pragma once
#include "mail/inspect/inspect.h"
#include "tracking/event.h"
#include "tracking/messages.h"

namespace inboxpro {

/// A mail that came back to one that was sent.
struct Answer {
    std::string from;       ///< Its sender's address.
    Inspection inspection;  ///< What it is.
};

/// What an answer means for a message: for which of its recipients, and what of.
struct Meaning {
    EventKind kind = EventKind::reply;
    std::vector<std::optional<std::uint16_t>> recipients;  ///< One event each; empty optional: one of several.
    Verdict verdict;
};

/// Empty when it means nothing: it is from somebody the message did not go to, only says that delivery takes longer, or
/// is no answer at all. A bounce that names nobody is the only recipient's, or one of several's.
std::optional<Meaning> meaning_of(const Answer& answer, const Message& message);

/// Whether the mail's report would say more than its header does: which of several recipients it was.
bool needs_report(const Answer& answer, const Message& message);

}  // namespace inboxpro
