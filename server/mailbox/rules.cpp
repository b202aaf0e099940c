#include "mailbox/rules.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr int kMostDoublings = 5;
constexpr int kDiceSides = 0x1'0000;

}  // namespace

std::chrono::milliseconds interval_after(std::chrono::milliseconds quiet, const PollPace& pace) {
    const std::chrono::milliseconds shortest = pace.shortest;
    return std::clamp(quiet / 5, shortest, std::max<std::chrono::milliseconds>(shortest, pace.longest));
}

std::chrono::milliseconds spread(std::chrono::milliseconds interval, std::uint16_t dice) {
    return interval - interval * dice / (10 * kDiceSides);
}

std::chrono::milliseconds back_off(int misses, const Error& error) {
    const std::chrono::seconds doubled = std::chrono::seconds{30} * (1 << std::clamp(misses - 1, 0, kMostDoublings));
    return std::max(doubled, error.retry_after.value_or(std::chrono::seconds{0}));
}

}  // namespace inboxpro
