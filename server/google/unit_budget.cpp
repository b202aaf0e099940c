#include "google/unit_budget.h"

#include <algorithm>
#include <cmath>

namespace inboxpro {

using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds kBackgroundYields{30};
/// When somebody else must move first.
constexpr milliseconds kStep{5};
constexpr std::chrono::minutes kCleanEvery{1};
constexpr int kShareAtOnce = 10;
constexpr int kLeastAtOnce = UnitBudget::kFewestUnits / 2;

template <class Places, class Place>
int units_before(const Places& waiting, const Place& place) {
    int units = 0;
    for (auto other = waiting.begin(); other != waiting.end() && *other < place; ++other) units += other->units;
    return units;
}

}  // namespace

UnitBudget::Bucket UnitBudget::Bucket::of(int units_per_minute, SteadyPoint now) {
    const double at_once = std::max(units_per_minute / kShareAtOnce, kLeastAtOnce);
    if (units_per_minute == 0) return {};
    return {.capacity = at_once, .per_second = (units_per_minute - at_once) / 60, .level = at_once, .filled_at = now};
}

void UnitBudget::Bucket::fill(SteadyPoint now) {
    const std::chrono::duration<double> passed = now - filled_at;
    level = std::min(capacity, level + std::max(0.0, passed.count()) * per_second);
    filled_at = std::max(now, filled_at);
}

milliseconds UnitBudget::Bucket::wait_for(int before, int units) const {
    const double lacking = before + std::min<double>(units, capacity) - level;
    if (per_second == 0 || units == 0 || lacking <= 1e-6) return {};
    return milliseconds{static_cast<std::int64_t>(std::ceil(lacking / per_second * 1'000))};
}

UnitBudget::UnitBudget(Settings settings, const Clock& clock, Sleeper& sleeper)
    : settings_(settings),
      clock_(clock),
      sleeper_(sleeper),
      project_(Bucket::of(settings.project_units_per_minute, clock.steady())) {}

/// A place in the line that is given back whatever happens.
class UnitBudget::Waiter {
  public:
    Waiter(UnitBudget& budget, Lane lane, int units, Urgency urgency)
        : budget_(budget), lane_(std::move(lane)), place_(budget.enter(lane_, units, urgency)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() { budget_.leave(lane_, place_); }
    milliseconds go_or_wait() { return budget_.go_or_wait(lane_, place_); }

  private:
    UnitBudget& budget_;
    Lane lane_;
    Place place_;
};

Task<Result<void>> UnitBudget::take(AccountId account, const GoogleMethod& method, Pace pace) {
    const Lane lane{account, api_of(method)};
    Waiter waiter(*this, lane, pace.is_paid ? 0 : method.units + pace.units_ahead, pace.urgency);
    const auto latest = clock_.steady() + pace.longest_wait;
    for (;;) {
        const auto wait = waiter.go_or_wait();
        if (wait == milliseconds{}) co_return Result<void>{};
        if (clock_.steady() + wait > latest)
            co_return std::unexpected(Error{.kind = ErrorKind::rate_limited,
                                            .detail = "the quota of Google units is used up for now",
                                            .retry_after = std::chrono::ceil<std::chrono::seconds>(wait)});
        co_await sleeper_.sleep(wait);
    }
}

UnitBudget::Line& UnitBudget::line_of(const Lane& lane, SteadyPoint now) {
    const auto found = lines_.find(lane);
    if (found != lines_.end()) return found->second;
    return lines_.emplace(lane, Line{.bucket = Bucket::of(settings_.units_per_minute, now)}).first->second;
}

UnitBudget::Place UnitBudget::enter(const Lane& lane, int units, Urgency urgency) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady();
    forget_the_idle(now);
    const Place place{
        .order = urgency == Urgency::person ? now : now + kBackgroundYields, .number = ++last_number_, .units = units};
    line_of(lane, now).waiting.insert(place);
    return place;
}

void UnitBudget::leave(const Lane& lane, const Place& place) {
    const std::lock_guard lock(mutex_);
    waiting_for_project_.erase(place);
    if (const auto found = lines_.find(lane); found != lines_.end()) found->second.waiting.erase(place);
}

milliseconds UnitBudget::go_or_wait(const Lane& lane, const Place& place) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady();
    auto& line = line_of(lane, now);
    if (const auto wait = wait_in_line(line, place, now); wait != milliseconds{}) {
        waiting_for_project_.erase(place);
        return wait;
    }
    if (const auto wait = wait_for_project(place, now); wait != milliseconds{}) return wait;
    line.bucket.level -= place.units;
    project_.level -= place.units;
    line.waiting.erase(place);
    return {};
}

milliseconds UnitBudget::wait_in_line(Line& line, const Place& place, SteadyPoint now) const {
    line.bucket.fill(now);
    const auto wait = line.bucket.wait_for(units_before(line.waiting, place), place.units);
    const bool is_first = *line.waiting.begin() == place;
    return wait == milliseconds{} && !is_first && place.units != 0 ? kStep : wait;
}

milliseconds UnitBudget::wait_for_project(const Place& place, SteadyPoint now) {
    if (place.units == 0) return {};
    project_.fill(now);
    waiting_for_project_.insert(place);
    const auto wait = project_.wait_for(units_before(waiting_for_project_, place), place.units);
    if (wait != milliseconds{}) return wait;
    if (*waiting_for_project_.begin() != place) return kStep;
    waiting_for_project_.erase(place);
    return {};
}

void UnitBudget::forget_the_idle(SteadyPoint now) {
    if (now - cleaned_at_ < kCleanEvery) return;
    cleaned_at_ = now;
    for (auto entry = lines_.begin(); entry != lines_.end();) {
        auto& line = entry->second;
        line.bucket.fill(now);
        const bool is_idle = line.waiting.empty() && line.bucket.is_full();
        entry = is_idle ? lines_.erase(entry) : std::next(entry);
    }
}

std::size_t UnitBudget::remembered() const {
    const std::lock_guard lock(mutex_);
    return lines_.size();
}

}  // namespace inboxpro
