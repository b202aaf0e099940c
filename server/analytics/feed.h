#pragma once
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/task.h"
#include "tracking/events.h"

namespace inboxpro {

/// Tells whoever listens what has just been seen. Bounded: a listener that does not keep up loses the oldest news and
/// can ask for them again by the last id it got. Thread-safe.
class Feed {
  public:
    static constexpr std::size_t kMostWaiting = 256;

    /// One listener. Used by one coroutine, on the executor it was made for; must not outlive the feed.
    class Subscription {
      public:
        Subscription(Feed& feed, AccountId account, boost::asio::any_io_executor executor);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;

        /// The next event, or empty after `patience` without any, when nudged, and when the feed closes.
        Task<std::optional<JudgedEvent>> next(std::chrono::milliseconds patience);

      private:
        friend class Feed;
        struct Waiting;
        Feed& feed_;
        AccountId account_;
        std::shared_ptr<Waiting> waiting_;
    };

    /// To all listeners of the event's account. From any thread; never waits.
    void publish(const JudgedEvent& event);
    /// Something else happened in the account that its listeners may want to look for. From any thread.
    void nudge(AccountId account);
    /// Wakes all listeners for good.
    void close();
    bool closed() const;

  private:
    mutable std::mutex mutex_;
    bool closed_ = false;
    std::unordered_multimap<AccountId, std::shared_ptr<Subscription::Waiting>> listeners_;
};

}  // namespace inboxpro
