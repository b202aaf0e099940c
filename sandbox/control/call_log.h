#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"

namespace inboxpro::sandbox {

/// A call of Google's that somebody made.
struct LoggedCall {
    std::uint64_t number = 0;  ///< 1, 2, 3 … in the order of their answers.
    std::string api;           ///< "gmail.users.drafts.send"
    std::string user;          ///< The token's; empty when it was not good, and for signing in.
    TimePoint at{};            ///< When it came.
    int status = 0;            ///< 0: the answer was lost on purpose.
    int units = 0;             ///< What the method costs.
};

struct CallCount {
    std::string api, user;
    std::uint64_t calls = 0;
    std::uint64_t units = 0;
};

/// The calls since the start: all of them counted, the last kKept each for itself. Thread-safe.
class CallLog {
  public:
    static constexpr std::size_t kKept = 20'000;

    void add(LoggedCall call);
    /// Those kept after number `after` that fit, oldest first.
    std::vector<LoggedCall> after(std::uint64_t after, const std::function<bool(const LoggedCall&)>& fits) const;
    std::vector<CallCount> counts() const;
    std::uint64_t last_number() const;

  private:
    mutable std::mutex mutex_;
    std::deque<LoggedCall> calls_;
    std::map<std::string, std::map<std::string, CallCount>> counts_;  ///< By api, then user.
    std::uint64_t last_number_ = 0;
};

}  // namespace inboxpro::sandbox
