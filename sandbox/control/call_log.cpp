#include "sandbox/control/call_log.h"

#include <algorithm>

namespace inboxpro::sandbox {

void CallLog::add(LoggedCall call) {
    const std::lock_guard lock(mutex_);
    call.number = ++last_number_;
    auto& count = counts_[call.api][call.user];
    ++count.calls;
    count.units += static_cast<std::uint64_t>(call.units);
    if (calls_.size() == kKept) calls_.pop_front();
    calls_.push_back(std::move(call));
}

std::vector<LoggedCall> CallLog::after(std::uint64_t after, const std::function<bool(const LoggedCall&)>& fits) const {
    const std::lock_guard lock(mutex_);
    std::vector<LoggedCall> found;
    for (auto at = std::ranges::upper_bound(calls_, after, {}, &LoggedCall::number); at != calls_.end(); ++at)
        if (fits(*at)) found.push_back(*at);
    return found;
}

std::vector<CallCount> CallLog::counts() const {
    const std::lock_guard lock(mutex_);
    std::vector<CallCount> all;
    for (const auto& [api, users] : counts_)
        for (const auto& [user, count] : users)
            all.push_back({.api = api, .user = user, .calls = count.calls, .units = count.units});
    return all;
}

std::uint64_t CallLog::last_number() const {
    const std::lock_guard lock(mutex_);
    return last_number_;
}

}  // namespace inboxpro::sandbox
