#include "google/backoff.h"

#include <algorithm>

namespace inboxpro {

using std::chrono::milliseconds;

std::chrono::milliseconds back_off(int tries, std::optional<std::chrono::seconds> retry_after, double chance) {
    constexpr milliseconds kFirst{1'000};
    constexpr milliseconds kLongest{64'000};
    constexpr int kMostDoublings = 6;
    const auto base = kFirst * (1 << std::clamp(tries - 1, 0, kMostDoublings));
    const auto spread = milliseconds{static_cast<std::int64_t>(static_cast<double>(base.count()) * chance)};
    return std::max<milliseconds>(std::min(base + spread, kLongest), retry_after.value_or(std::chrono::seconds{0}));
}

}  // namespace inboxpro
