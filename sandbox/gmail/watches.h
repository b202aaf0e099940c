#pragma once
#include <functional>
#include <map>
#include <mutex>

#include "base/clock.h"
#include "sandbox/gmail/message_store.h"

namespace inboxpro::sandbox::gmail {

/// Which changes of one mailbox one application wants to hear of.
struct Watch {
    std::string topic;  ///< "projects/p/topics/t"
    Labels labels;      ///< Empty: every change.
    bool excludes = false;
    TimePoint expires_at{};
};

/// users.watch: one watch for each user and application. Thread-safe.
class Watches {
  public:
    static constexpr std::chrono::hours kLife{7 * 24};
    /// Gmail sends a user's notices to an application no oftener; what comes faster is dropped.
    static constexpr std::chrono::seconds kBetweenNotices{1};

    /// Hands on a notice that a mailbox changed; must not wait.
    using Publish = std::function<void(const std::string& topic, const std::string& address, std::uint64_t history_id)>;
    /// Whether Gmail may publish to a topic.
    using MayPublish = std::function<bool(const std::string& topic)>;

    Watches(const Clock& clock, Publish publish, MayPublish may_publish)
        : clock_(clock), publish_(std::move(publish)), may_publish_(std::move(may_publish)) {}

    bool may_publish(const std::string& topic) const { return may_publish_(topic); }
    /// When it ends; `conflict` when the application watches this user with another topic.
    Result<TimePoint> start(const std::string& address, const std::string& client_id, Watch watch);
    /// Also when there is none.
    void stop(const std::string& address, const std::string& client_id);
    void changed(const std::string& address, const HistoryRecord& record);

  private:
    struct Running {
        Watch watch;
        TimePoint last_notice{};
    };

    const Clock& clock_;
    const Publish publish_;
    const MayPublish may_publish_;
    std::mutex mutex_;
    std::map<std::string, std::map<std::string, Running>, std::less<>> watches_;  ///< By address, then client id.
};

}  // namespace inboxpro::sandbox::gmail
