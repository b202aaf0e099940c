#pragma once
#include <chrono>

#include "base/task.h"

namespace inboxpro {

/// The door to waiting. Thread-safe.
class Sleeper {
  public:
    virtual ~Sleeper() = default;
    /// Resumes on the executor that awaits; ends at once when the coroutine is cancelled.
    virtual Task<void> sleep(std::chrono::milliseconds time) = 0;
};

/// Waits in real time.
class TimerSleeper final : public Sleeper {
  public:
    Task<void> sleep(std::chrono::milliseconds time) override;
};

}  // namespace inboxpro
