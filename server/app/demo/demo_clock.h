#pragma once
#include <atomic>

#include "base/clock.h"

namespace inboxpro::app {

/// The machine's clock, which can be set back while the demo's history is made. Thread-safe.
class DemoClock final : public Clock {
  public:
    TimePoint now() const override { return real_.now() - std::chrono::milliseconds{behind_.load()}; }
    SteadyPoint steady() const override { return real_.steady(); }
    /// From now on it is `behind` earlier than it really is.
    void set_back(std::chrono::milliseconds behind) { behind_ = behind.count(); }

  private:
    SystemClock real_;
    std::atomic<std::int64_t> behind_ = 0;
};

}  // namespace inboxpro::app
