#include "sandbox/control/crowd.h"

namespace inboxpro::sandbox {

std::optional<Crowd::Place> Crowd::enter(const std::string& user) {
    const int limit = limit_;
    if (limit == 0 || user.empty()) return std::optional<Place>(std::in_place);
    const std::lock_guard lock(mutex_);
    auto& running = running_[user];
    if (running >= limit) return {};
    ++running;
    return std::optional<Place>(std::in_place, *this, user);
}

void Crowd::leave(const std::string& user) {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(user);
    if (--found->second == 0) running_.erase(found);
}

}  // namespace inboxpro::sandbox
