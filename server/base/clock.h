#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace inboxpro {

/// An instant, UTC, in whole milliseconds: what is stored, compared and sent.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;
/// For durations and leases inside one process; knows no date and never jumps.
using SteadyPoint = std::chrono::steady_clock::time_point;

/// The door to the time. Thread-safe.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    virtual SteadyPoint steady() const = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock {
  public:
    TimePoint now() const override;
    SteadyPoint steady() const override;
};

/// "2026-11-23T09:30:00.000Z", RFC 3339.
std::string to_rfc3339(TimePoint time);
/// Any RFC 3339 date-time with an offset or Z; empty for anything else.
std::optional<TimePoint> from_rfc3339(std::string_view text);
/// "Mon, 23 Nov 2026 09:30:00 GMT", RFC 9110 section 5.6.7.
std::string to_http_date(TimePoint time);

inline std::int64_t to_millis(TimePoint time) {
    return time.time_since_epoch().count();
}
inline TimePoint from_millis(std::int64_t millis) {
    return TimePoint{std::chrono::milliseconds{millis}};
}

}  // namespace inboxpro
