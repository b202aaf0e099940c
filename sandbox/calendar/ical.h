#pragma once
#include <libical/ical.h>

#include <memory>

#include "sandbox/calendar/zone.h"

namespace inboxpro::sandbox::calendar {

template <auto kFree>
struct FreedBy {
    void operator()(auto* thing) const { kFree(thing); }
};
using Component = std::unique_ptr<icalcomponent, FreedBy<icalcomponent_free>>;

/// A time without a zone, as libical's rules count.
icaltimetype to_ical(WallTime wall, bool is_date);
icaltimetype to_ical_utc(TimePoint time);
WallTime wall_from(const icaltimetype& time);

}  // namespace inboxpro::sandbox::calendar
