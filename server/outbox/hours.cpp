#include "outbox/hours.h"

#include <algorithm>

namespace inboxpro {
namespace {

using date::local_days;
using std::chrono::minutes;

constexpr int kDaysAhead = 8;
/// A change of the clocks is a step, and so is an opening that it skipped.
constexpr int kMostSteps = 50;
constexpr SendingHours kOtherwise{.weekdays = 0x7f, .from = 9 * 60, .until = 24 * 60};

bool is_on(const SendingHours& hours, local_days day) {
    const auto weekday = date::weekday{day}.iso_encoding() - 1;
    return (hours.weekdays >> weekday & 1) != 0;
}

/// The next time, in readings, at which hours begin; empty when none do.
std::optional<date::local_seconds> opening_behind(const std::vector<SendingHours>& all, date::local_seconds reading) {
    const auto today = date::floor<date::days>(reading);
    std::optional<date::local_seconds> first;
    for (int ahead = 0; ahead < kDaysAhead && !first; ++ahead)
        for (const auto& hours : all) {
            const date::local_seconds opening = today + date::days{ahead} + minutes{hours.from};
            if (is_on(hours, today + date::days{ahead}) && opening > reading && (!first || opening < *first))
                first = opening;
        }
    return first;
}

}  // namespace

bool is_within(const std::vector<SendingHours>& hours, date::local_seconds reading) {
    if (hours.empty()) return true;
    const auto day = date::floor<date::days>(reading);
    const auto minute = date::floor<minutes>(reading - day).count();
    return std::ranges::any_of(hours, [&](const SendingHours& each) {
        return is_on(each, day) && each.from <= minute && minute < each.until;
    });
}

Result<TimePoint> next_within(const SendingRules& rules, const Zones& zones, TimePoint at) {
    for (int steps = 0; steps < kMostSteps; ++steps) {
        const auto reading = TRY(zones.shown_at(at, rules.time_zone)).reading;
        if (is_within(rules.hours, reading)) return at;
        const auto opening = opening_behind(rules.hours, reading);
        if (!opening) break;
        // Until clocks are moved, readings go on as time does.
        const auto change = TRY(zones.next_change(at, rules.time_zone));
        at = std::min<TimePoint>(date::floor<std::chrono::seconds>(at) + (*opening - reading), change);
    }
    return fail_field("sending_hours", "the sending hours of this account never come");
}

Result<SendingDay> day_of(const SendingRules& rules, const Zones& zones, TimePoint at) {
    const auto reading = TRY(zones.shown_at(at, rules.time_zone)).reading;
    return date::floor<date::days>(reading).time_since_epoch().count();
}

Result<TimePoint> opening_after(const SendingRules& rules, const Zones& zones, SendingDay day) {
    auto open = rules;
    if (open.hours.empty()) open.hours = {kOtherwise};
    const local_days next{date::days{day + 1}};
    return next_within(open, zones, TRY(zones.instant_of({.reading = next, .zone = rules.time_zone})));
}

}  // namespace inboxpro
