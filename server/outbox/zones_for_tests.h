#pragma once
#include "outbox/wall_time.h"

namespace inboxpro::testing {

inline const SystemZones kZones;

/// When clocks there show this.
inline TimePoint instant(const std::string& reading, const std::string& zone) {
    return kZones.instant_of({.reading = reading_from(reading).value(), .zone = zone}).value();
}

}  // namespace inboxpro::testing
