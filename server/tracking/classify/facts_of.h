#pragma once
#include "tracking/classify/facts.h"

namespace inboxpro {

/// What a stored open or click says by itself; what happened around it is for the caller to add. Views into `event`.
Facts facts_of(const Event& event, std::optional<TimePoint> sent_at, int links_in_message);

}  // namespace inboxpro
