#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace inboxpro::sandbox {

/// A POST to an endpoint outside, repeated until somebody takes it.
struct Notice {
    std::string url;
    Bytes body = {};
    /// "Name: value". Asked for before each attempt, on the sending thread: signing costs time, and a signature ends.
    std::function<std::vector<std::string>()> headers;
    std::function<bool(int status)> is_final;  ///< Whether this answer ends it, taken or not.
    int attempts = 16;                         ///< At most.
    /// Notices with the same line go out one after another, in the order they came; empty: as soon as can be.
    std::string line = {};
};

struct NoticeFigures {
    std::uint64_t waiting = 0;   ///< On their way, or for another attempt.
    std::uint64_t attempts = 0;  ///< All POSTs so far.
    std::uint64_t finished = 0;
    std::uint64_t dropped = 0;  ///< Given up after the last attempt, or the queue was full.
};

/// Sends notices from a thread of its own, which begins with the first one: each at least once, with growing
/// pauses from kFirstPause to kLongestPause between attempts. Thread-safe. What still waits at the end is let go.
class Notices {
  public:
    static constexpr std::size_t kMostWaiting = 4'096;
    static constexpr std::chrono::milliseconds kFirstPause{100};
    static constexpr std::chrono::milliseconds kLongestPause{60'000};
    static constexpr std::chrono::seconds kDeadline{10};  ///< For an endpoint's answer.

    Notices();
    ~Notices();

    /// Never waits; drops the notice when too many wait.
    void post(Notice notice);
    NoticeFigures figures() const;

  private:
    class Sender;
    std::unique_ptr<Sender> sender_;
};

}  // namespace inboxpro::sandbox
