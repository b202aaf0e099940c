#include "outbox/timing.h"

#include <fmt/format.h>

namespace inboxpro {
namespace {

Result<Planned> planned_at(TimePoint at, TimePoint now) {
    if (at < now - kJustNow) return fail_field("send_at", "this time is past");
    if (at > now + kFarthest) return fail_field("send_at", "this time is more than a year away");
    return Planned{.at = std::max(at, now)};
}

}  // namespace

Result<Planned> plan_for(const Timing& timing, const Zones& zones, TimePoint now) {
    if (timing.wall) {
        auto planned = TRY(planned_at(TRY(zones.instant_of(*timing.wall)), now));
        planned.wall = timing.wall;
        return planned;
    }
    if (timing.at) return planned_at(*timing.at, now);
    if (timing.undo.count() == 0) return Planned{.at = now};
    if (timing.undo < kUndoTimes.shortest || timing.undo > kUndoTimes.longest)
        return fail_field("undo_seconds", fmt::format("undo_seconds is 0, or {} to {}", kUndoTimes.shortest.count(),
                                                      kUndoTimes.longest.count()));
    return Planned{.state = SendState::undo, .at = now + timing.undo};
}

std::optional<TimePoint> moved_by_zone(const Send& send, const Zones& zones) {
    if (!send.wall) return {};
    const auto at = zones.instant_of(*send.wall);
    if (!at || *at == send.wanted_at) return {};
    return *at;
}

}  // namespace inboxpro
