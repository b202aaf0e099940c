#pragma once
#include <boost/json/value.hpp>

#include "base/error.h"
#include "tracking/classify/facts.h"

namespace inboxpro {

/// Reads one case: `event`, `method`, `user_agent`, `ip`, `asn`, `headers` and the rest, as tests/data/classification
/// describes them; `opened_before`, `answered_later`, `other_system_within_30s` and `sender_in_gmail` may be left out.
/// Other members are ignored. `invalid`, naming the field, when one is missing or of the wrong type.
/// The facts point into `value`.
Result<Facts> facts_from_json(const boost::json::value& value);

}  // namespace inboxpro
