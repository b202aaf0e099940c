#include "google/unit_budget.h"

#include <algorithm>
#include <cmath>

#include "google/backoff.h"

namespace inboxpro {

using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds kBackgroundYields{30};
/// When somebody else must move first.
constexpr milliseconds kStep{5};
constexpr milliseconds kTrialCheck{250};
constexpr std::chrono::minutes kCleanEvery{1};
constexpr std::chrono::minutes kRefusalsCount{5};
constexpr int kShareAtOnce = 10;
constexpr int kLeastAtOnce = UnitBudget::kFewestUnits / 2;

template <class Places, class Place>
int units_before(const Places& waiting, const Place& place) {
    int units = 0;
    for (auto other = waiting.begin(); other != waiting.end() && *other < place; ++other) units += other->units;
    return units;
}

std::string_view api_of(const GoogleMethod& method) {
    return method.id.substr(0, method.id.find('.'));
}

}  // namespace

double random_chance(Random& random) {
    std::uint32_t number = 0;
    for (const char byte : random.bytes(sizeof number)) number = number << 8 | static_cast<unsigned char>(byte);
    return number / 4'294'967'296.0;
}

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

UnitBudget::UnitBudget(Settings settings, const Clock& clock, Sleeper& sleeper, Random& random)
    : settings_(settings),
      clock_(clock),
      sleeper_(sleeper),
      random_(random),
      project_(Bucket::of(settings.project_units_per_minute, clock.steady())) {}

/// A place in the line that is given back whatever happens.
class UnitBudget::Waiter {
  public:
    Waiter(UnitBudget& budget, Lane lane, int units, Urgency urgency)
        : budget_(budget), lane_(std::move(lane)), place_(budget.enter(lane_, units, urgency)) {}
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() { budget_.leave(lane_, place_); }
    Leave go_or_wait() { return budget_.go_or_wait(lane_, place_); }

  private:
    UnitBudget& budget_;
    Lane lane_;
    Place place_;
};

Task<Result<UnitBudget::Turn>> UnitBudget::take(AccountId account, const GoogleMethod& method, Pace pace) {
    const Lane lane{account, api_of(method)};
    Waiter waiter(*this, lane, pace.is_paid ? 0 : method.units + pace.units_ahead, pace.urgency);
    const auto latest = clock_.steady() + pace.longest_wait;
    for (;;) {
        const auto [wait, is_trial] = waiter.go_or_wait();
        if (wait == milliseconds{}) co_return Turn(*this, lane, is_trial);
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

UnitBudget::Leave UnitBudget::go_or_wait(const Lane& lane, const Place& place) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady();
    auto& line = line_of(lane, now);
    if (const auto wait = wait_in_line(line, place, now); wait != milliseconds{}) {
        waiting_for_project_.erase(place);
        return {.wait = wait};
    }
    if (const auto wait = wait_for_project(place, now); wait != milliseconds{}) return {.wait = wait};
    line.bucket.level -= place.units;
    project_.level -= place.units;
    line.waiting.erase(place);
    line.trial_runs = line.on_trial;
    return {.wait = {}, .is_trial = line.on_trial};
}

milliseconds UnitBudget::wait_in_line(Line& line, const Place& place, SteadyPoint now) const {
    line.bucket.fill(now);
    auto wait = line.bucket.wait_for(units_before(line.waiting, place), place.units);
    if (line.blocked_until > now) wait = std::max(wait, std::chrono::ceil<milliseconds>(line.blocked_until - now));
    if (line.trial_runs) wait = std::max(wait, kTrialCheck);
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

// Calls that were under way together are refused together: that is one refusal.
void UnitBudget::note(const Lane& lane, bool is_trial, const Error* error) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady();
    auto& line = line_of(lane, now);
    if (is_trial) line.trial_runs = false;
    if (error == nullptr || error->kind != ErrorKind::rate_limited) {
        if (now < line.blocked_until) return;
        line.on_trial = false;
        line.refusals = 0;
        return;
    }
    if (now >= line.blocked_until) ++line.refusals;
    line.on_trial = true;
    const auto wait = back_off(line.refusals, error->retry_after, random_chance(random_));
    line.blocked_until = std::max<SteadyPoint>(line.blocked_until, now + wait);
}

void UnitBudget::end_trial(const Lane& lane) {
    const std::lock_guard lock(mutex_);
    if (const auto found = lines_.find(lane); found != lines_.end()) found->second.trial_runs = false;
}

void UnitBudget::forget_the_idle(SteadyPoint now) {
    if (now - cleaned_at_ < kCleanEvery) return;
    cleaned_at_ = now;
    for (auto entry = lines_.begin(); entry != lines_.end();) {
        auto& line = entry->second;
        line.bucket.fill(now);
        const bool remembers_refusals = line.on_trial && now < line.blocked_until + kRefusalsCount;
        const bool is_idle = line.waiting.empty() && line.bucket.is_full() && !remembers_refusals;
        entry = is_idle ? lines_.erase(entry) : std::next(entry);
    }
}

std::size_t UnitBudget::remembered() const {
    const std::lock_guard lock(mutex_);
    return lines_.size();
}

UnitBudget::Turn::Turn(Turn&& other) noexcept
    : budget_(std::exchange(other.budget_, nullptr)), lane_(std::move(other.lane_)), is_trial_(other.is_trial_) {}

UnitBudget::Turn::~Turn() {
    if (budget_ != nullptr && is_trial_) budget_->end_trial(lane_);
}

void UnitBudget::Turn::answered(const Error* error) {
    if (auto* budget = std::exchange(budget_, nullptr)) budget->note(lane_, is_trial_, error);
}

}  // namespace inboxpro
