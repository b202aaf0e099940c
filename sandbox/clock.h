#pragma once
#include <atomic>

#include "base/clock.h"

namespace inboxpro::sandbox {

/// The sandbox's own time: the given clock, moved by what tests ask for. Thread-safe.
class SandboxClock final : public Clock {
  public:
    explicit SandboxClock(const Clock& base) : base_(base) {}

    TimePoint now() const override { return base_.now() + std::chrono::milliseconds{offset_.load()}; }
    SteadyPoint steady() const override { return base_.steady(); }

    void advance(std::chrono::milliseconds by) { offset_ += by.count(); }
    void set(TimePoint now) { offset_ = (now - base_.now()).count(); }

  private:
    const Clock& base_;
    std::atomic<std::int64_t> offset_ = 0;
};

}  // namespace inboxpro::sandbox
