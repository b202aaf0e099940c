#include "sandbox/api/quota.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::int64_t kMinuteMillis = 60'000;

}  // namespace

void Quota::set_units_per_minute(int units) {
    const std::lock_guard lock(mutex_);
    units_per_minute_ = units;
    minutes_.clear();
}

int Quota::units_per_minute() const {
    const std::lock_guard lock(mutex_);
    return units_per_minute_;
}

std::optional<TimePoint> Quota::take(const std::string& user, int units) {
    const std::lock_guard lock(mutex_);
    if (units_per_minute_ == 0) return {};
    const auto number = to_millis(clock_.now()) / kMinuteMillis;
    auto& minute = minutes_[user];
    if (minute.number != number) minute = {.number = number, .spent = 0};
    if (minute.spent + units > units_per_minute_) return from_millis((number + 1) * kMinuteMillis);
    minute.spent += units;
    return {};
}

}  // namespace inboxpro::sandbox
