#pragma once
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace inboxpro::sandbox {

/// Quota units that each user may spend in a minute, counted in windows of a minute as Google does. Thread-safe.
class Quota {
  public:
    /// Google's, for Cloud projects first used since May 2026.
    static constexpr int kGoogles = 6'000;

    explicit Quota(const Clock& clock) : clock_(clock) {}

    /// From now on; 0, as at the start: no limit.
    void set_units_per_minute(int units);
    int units_per_minute() const;
    /// Takes `units` from the user's minute. When it has not that many left nothing is taken, and the answer is when
    /// the next minute begins.
    std::optional<TimePoint> take(const std::string& user, int units);

  private:
    struct Minute {
        std::int64_t number = 0;
        int spent = 0;
    };

    const Clock& clock_;
    mutable std::mutex mutex_;
    int units_per_minute_ = 0;
    std::unordered_map<std::string, Minute> minutes_;
};

}  // namespace inboxpro::sandbox
