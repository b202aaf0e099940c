#include "sandbox/delivery/sending_limits.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::chrono::hours kDay{24};

}  // namespace

void SendingLimits::set(int consumer, int workspace) {
    const std::lock_guard lock(mutex_);
    consumer_ = consumer;
    workspace_ = workspace;
    sent_.clear();
}

int SendingLimits::consumer() const {
    const std::lock_guard lock(mutex_);
    return consumer_;
}

int SendingLimits::workspace() const {
    const std::lock_guard lock(mutex_);
    return workspace_;
}

std::optional<TimePoint> SendingLimits::take(const std::string& address) {
    const std::lock_guard lock(mutex_);
    const auto limit = static_cast<std::size_t>(address.ends_with("@gmail.com") ? consumer_ : workspace_);
    if (limit == 0) return {};
    const auto now = clock_.now();
    auto& sent = sent_[address];
    while (!sent.empty() && sent.front() + kDay <= now) sent.pop_front();
    if (sent.size() >= limit) return sent.front() + kDay;
    sent.push_back(now);
    return {};
}

}  // namespace inboxpro::sandbox
