#include "outbox/attempts.h"

namespace inboxpro {
namespace {

using std::chrono::milliseconds;

/// Past this the oldest are forgotten: they are then only watched for longer than need be.
constexpr std::size_t kMostKnown = 100'000;
constexpr std::chrono::hours kOld{1};

}  // namespace

Watched Attempts::watched(const Send& send, SteadyPoint now) {
    if (!send.intent) return {};
    const std::scoped_lock lock{mutex_};
    if (known_.size() > kMostKnown)
        std::erase_if(known_, [&](const auto& entry) { return entry.second.since + kOld < now; });
    auto& known = known_[send.id];
    if (known.epoch != send.epoch) known = {.epoch = send.epoch, .since = now, .alive_until = now + kLease};
    return {.since = std::chrono::floor<milliseconds>(now - known.since),
            .alive = std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(known.alive_until - now))};
}

void Attempts::ended(const Send& send, SteadyPoint now) {
    const std::scoped_lock lock{mutex_};
    known_[send.id] = {.epoch = send.epoch, .since = now, .alive_until = now + kQuietTime};
}

void Attempts::forget(MessageId id) {
    const std::scoped_lock lock{mutex_};
    known_.erase(id);
}

}  // namespace inboxpro
