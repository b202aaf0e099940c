#pragma once
#include <optional>

#include "outbox/send.h"

namespace inboxpro {

/// When its writer wants a mail to go out: at `at`, or when clocks show `wall`, or else at once, after a time in which
/// it can be taken back.
struct Timing {
    std::optional<TimePoint> at = {};
    std::optional<WallTime> wall = {};
    bool in_hours = false;         ///< Only within the account's sending hours.
    std::chrono::seconds undo{0};  ///< Only for a mail that goes out at once: kUndoTimes, or 0 for none.
};

struct UndoTimes {
    std::chrono::seconds shortest{5};
    std::chrono::seconds longest{30};
};
inline constexpr UndoTimes kUndoTimes{};

/// How far away a mail may be put off.
inline constexpr std::chrono::days kFarthest{366};
/// How far a time may lie back and still mean "now": clocks differ, and forms are filled in slowly.
inline constexpr std::chrono::minutes kJustNow{1};

/// What the timing makes of a mail whose draft is ready. `state` is undo or scheduled.
struct Planned {
    SendState state = SendState::scheduled;
    TimePoint at;
    std::optional<WallTime> wall = {};
};

/// `invalid` naming the field: send_at that is past or farther away than kFarthest, time_zone that is none, or
/// undo_seconds that is none of kUndoTimes.
Result<Planned> plan_for(const Timing& timing, const Zones& zones, TimePoint now);

/// The instant at which clocks show `wall`, when that is not when the mail is planned for any longer because the rules
/// of the zone changed; empty while they agree, and for a zone that is no longer known.
std::optional<TimePoint> moved_by_zone(const Send& send, const Zones& zones);

}  // namespace inboxpro
