#pragma once
#include <date/date.h>

#include <string>
#include <string_view>

#include "base/clock.h"

namespace inboxpro::sandbox::calendar {

/// A time as a clock on the wall shows it, in a place that is named elsewhere.
using WallTime = date::local_seconds;

/// Whether the IANA database knows the name.
bool is_zone(std::string_view name);

/// When the clocks of `zone`, an IANA name, show `wall`. RFC 5545 3.3.5: the first time for an hour that comes twice;
/// for an hour that is left out, what the offset before the gap makes of it.
TimePoint to_instant(WallTime wall, const std::string& zone);
WallTime to_wall(TimePoint time, const std::string& zone);

/// "2026-11-23T10:00:00+01:00"; "Z" where the offset is zero. Milliseconds are left out.
std::string to_offset_text(TimePoint time, const std::string& zone);

/// "2026-11-23T10:00:00", with or without a fraction; empty for anything else.
std::optional<WallTime> read_wall(std::string_view text);
/// "2026-11-23" as its midnight.
std::optional<WallTime> read_date(std::string_view text);
std::string to_date_text(WallTime midnight);

}  // namespace inboxpro::sandbox::calendar
