#pragma once
#include <date/date.h>

#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace inboxpro {

/// What a clock on the wall shows in a place: how people say when. It is kept as such, so that a mail wanted for nine
/// in the morning goes out at nine whatever becomes of the rules of that zone.
struct WallTime {
    date::local_seconds reading;
    std::string zone;  ///< IANA name: "Europe/Berlin".

    friend bool operator==(const WallTime&, const WallTime&) = default;
};

/// "2026-12-01T09:00:00".
std::string text_of(date::local_seconds reading);
/// The same, or without the seconds; empty for anything else.
std::optional<date::local_seconds> reading_from(const std::string& text);

/// The door to the rules of time zones. Thread-safe.
class Zones {
  public:
    virtual ~Zones() = default;
    /// A reading that occurs twice (clock set back) means the first time; one that does not occur (clock set forward,
    /// or a skipped day) means the instant of the change. `invalid`, naming the field time_zone, for no zone.
    virtual Result<TimePoint> instant_of(const WallTime& time) const = 0;
    /// What clocks show then. The same error.
    virtual Result<WallTime> shown_at(TimePoint time, const std::string& zone) const = 0;
    /// When clocks there are next moved, later than `time`; far away where they never are. The same error.
    virtual Result<TimePoint> next_change(TimePoint time, const std::string& zone) const = 0;
};

/// The machine's time zone data, as it was when this process first asked.
class SystemZones final : public Zones {
  public:
    Result<TimePoint> instant_of(const WallTime& time) const override;
    Result<WallTime> shown_at(TimePoint time, const std::string& zone) const override;
    Result<TimePoint> next_change(TimePoint time, const std::string& zone) const override;
};

}  // namespace inboxpro
