#pragma once
#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace inboxpro::sandbox {

/// How many mails a user may send within 24 hours (Google: 500, in Workspace 2,000), and to how many people each.
/// Thread-safe.
class SendingLimits {
  public:
    explicit SendingLimits(const Clock& clock) : clock_(clock) {}

    /// For addresses at gmail.com and for all others; 0, as at the start: no limit.
    void set(int consumer, int workspace);
    int consumer() const;
    int workspace() const;
    void set_recipients(int most) { recipients_ = most; }
    /// In one mail; 500 at the start, as Google.
    int recipients() const { return recipients_; }
    /// Counts a mail; when that would be too many counts nothing and says when there is room again.
    std::optional<TimePoint> take(const std::string& address);

  private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::atomic<int> recipients_ = 500;
    int consumer_ = 0;
    int workspace_ = 0;
    std::unordered_map<std::string, std::deque<TimePoint>> sent_;
};

}  // namespace inboxpro::sandbox
