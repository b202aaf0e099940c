#pragma once
#include "accounts/sending_rules.h"
#include "outbox/wall_time.h"

namespace inboxpro {

/// A day of the calendar, by the clocks of SendingRules::time_zone: days since 1970.
using SendingDay = std::int64_t;

/// Whether a clock that shows this is within the hours; without hours it always is.
bool is_within(const std::vector<SendingHours>& hours, date::local_seconds reading);

/// The first instant from `at` on, in whole seconds once it is later than `at`, at which clocks in the zone are within
/// the hours: also where they are set back and show an opening twice. Where an opening is skipped, the moment of the
/// change, if that is still within them. `invalid` for no zone, or hours that never come.
Result<TimePoint> next_within(const SendingRules& rules, const Zones& zones, TimePoint at);

/// The day that clocks in the zone show. The same error.
Result<SendingDay> day_of(const SendingRules& rules, const Zones& zones, TimePoint at);

/// When the account may send again after that day: at the next opening of its hours, or at nine in the morning.
Result<TimePoint> opening_after(const SendingRules& rules, const Zones& zones, SendingDay day);

}  // namespace inboxpro
