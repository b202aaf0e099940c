#include "analytics/feed.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro {

struct Feed::Subscription::Waiting {
    explicit Waiting(const boost::asio::any_io_executor& executor) : wake(executor) {}

    void push(const JudgedEvent& event) {
        const std::lock_guard lock(mutex);
        if (events.size() == kMostWaiting) events.pop_front();
        events.push_back(event);
    }
    std::optional<JudgedEvent> pop() {
        const std::lock_guard lock(mutex);
        if (events.empty()) return {};
        auto event = std::move(events.front());
        events.pop_front();
        return event;
    }

    bool was_nudged() {
        const std::lock_guard lock(mutex);
        return std::exchange(nudged, false);
    }

    std::mutex mutex;
    std::deque<JudgedEvent> events;
    bool nudged = false;
    boost::asio::steady_timer wake;
};

namespace {

// On the listener's own executor: after it has begun to wait, or while it still works and will look again.
template <class Waiting>
void wake(const std::shared_ptr<Waiting>& listener) {
    boost::asio::post(listener->wake.get_executor(), [listener] { listener->wake.cancel(); });
}

}  // namespace

Feed::Subscription::Subscription(Feed& feed, AccountId account, boost::asio::any_io_executor executor)
    : feed_(feed), account_(account), waiting_(std::make_shared<Waiting>(executor)) {
    const std::lock_guard lock(feed_.mutex_);
    feed_.listeners_.emplace(account_, waiting_);
}

Feed::Subscription::~Subscription() {
    const std::lock_guard lock(feed_.mutex_);
    std::erase_if(feed_.listeners_, [this](const auto& listener) { return listener.second == waiting_; });
}

Task<std::optional<JudgedEvent>> Feed::Subscription::next(std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto event = waiting_->pop()) co_return event;
        const bool is_over = feed_.closed() || waiting_->was_nudged();
        if (is_over || std::chrono::steady_clock::now() >= until) co_return std::nullopt;
        waiting_->wake.expires_at(until);
        co_await waiting_->wake.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

void Feed::publish(const JudgedEvent& event) {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = listeners_.equal_range(event.event.account);
    for (auto listener = first; listener != last; ++listener) {
        listener->second->push(event);
        wake(listener->second);
    }
}

void Feed::nudge(AccountId account) {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = listeners_.equal_range(account);
    for (auto listener = first; listener != last; ++listener) {
        {
            const std::lock_guard waiting(listener->second->mutex);
            listener->second->nudged = true;
        }
        wake(listener->second);
    }
}

void Feed::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& listener : listeners_) wake(listener.second);
}

bool Feed::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

}  // namespace inboxpro
