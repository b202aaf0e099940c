#include "http/public/rate_limit.h"

namespace inboxpro::http {

bool RateLimit::admit(std::string_view key, SteadyPoint now) {
    const std::lock_guard lock(mutex_);
    if (spans_.size() >= most_keys_) {
        std::erase_if(spans_, [&](const auto& entry) { return now - entry.second.began >= within_; });
        if (spans_.size() >= most_keys_) spans_.clear();
    }
    auto& span = spans_[std::string(key)];
    if (span.count == 0 || now - span.began >= within_) span = {.began = now};
    if (span.count >= most_) return false;
    ++span.count;
    return true;
}

}  // namespace inboxpro::http
