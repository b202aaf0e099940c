#include "sandbox/calendar/calendar.h"

#include <array>

#include "http/server/text.h"
#include "sandbox/calendar/recurrence.h"

namespace inboxpro::sandbox::calendar {
namespace {

constexpr std::array<std::string_view, 5> kRoles = {"none", "freeBusyReader", "reader", "writer", "owner"};
constexpr std::chrono::hours kDay{24};
/// 2100: no series is followed farther.
constexpr TimePoint kHorizon{std::chrono::milliseconds{4'102'444'800'000}};

std::chrono::milliseconds length_of(const Event& event) {
    return event.body.start.all_day ? event.body.end.day - event.body.start.day
                                    : event.body.end.at - event.body.start.at;
}

}  // namespace

std::string_view name_of(Role role) {
    return kRoles.at(static_cast<std::size_t>(role));
}

std::optional<Role> to_role(std::string_view name) {
    for (std::size_t i = 1; i < kRoles.size(); ++i)
        if (kRoles.at(i) == name) return static_cast<Role>(i);
    return {};
}

std::uint64_t Stamps::next() {
    last_ = std::max(last_ + 2, static_cast<std::uint64_t>(to_millis(clock_.now())) * 2'000);
    return last_;
}

Calendar::Calendar(std::string own_id, User& own_owner, Stamps& stamps)
    : id(std::move(own_id)),
      owner(own_owner),
      is_primary(id == own_owner.address),
      summary(id),
      time_zone(own_owner.time_zone),
      stamp(stamps.next()),
      stamps_(stamps),
      last_change_(stamp) {}

Role Calendar::role_of(const User& user) const {
    if (&user == &owner) return Role::owner;
    const auto found = access.find(http::lower_case(user.address));
    return found == access.end() ? Role::none : found->second;
}

const Event& Calendar::put(Event event) {
    event.stamp = last_change_ = stamps_.next();
    event.updated = stamps_.now();
    auto& kept = events_[event.id];
    kept = std::move(event);
    return kept;
}

const Event* Calendar::stored(std::string_view event_id) const {
    const auto found = events_.find(event_id);
    return found == events_.end() ? nullptr : &found->second;
}

std::optional<Event> Calendar::find(std::string_view event_id) const {
    if (const auto* event = stored(event_id)) return *event;
    const auto underscore = event_id.rfind('_');
    if (underscore == std::string_view::npos) return {};
    const auto* series = stored(event_id.substr(0, underscore));
    if (series == nullptr || !series->is_series()) return {};
    const auto start = from_instance_suffix(event_id.substr(underscore + 1), series->body.start);
    if (!start) return {};
    const auto at = instant_of(*start, "Etc/UTC");
    const auto starts = occurrences(series->body.start, series->body.recurrence, at, at + std::chrono::seconds{1}, 1);
    if (starts.empty()) return {};
    return instance_at(*series, starts.front());
}

Event Calendar::instance_at(const Event& series, EventTime start) const {
    auto instance = series;
    instance.series_id = series.id;
    instance.id = series.id + "_" + instance_suffix(start);
    instance.body.recurrence.clear();
    if (start.all_day)
        instance.body.end.day = start.day + (series.body.end.day - series.body.start.day);
    else
        instance.body.end.at = start.at + length_of(series);
    instance.original_start = start;
    instance.body.start = std::move(start);
    return instance;
}

std::vector<Event> Calendar::exceptions_of(std::string_view series_id) const {
    std::vector<Event> found;
    const auto prefix = std::string(series_id) + "_";
    for (auto at = events_.lower_bound(prefix); at != events_.end() && at->first.starts_with(prefix); ++at)
        if (at->second.series_id == series_id) found.push_back(at->second);
    return found;
}

std::vector<Event> Calendar::instances(const Event& series, const Window& window) const {
    if (!series.is_series()) return {};
    const auto from = window.begin ? *window.begin - length_of(series) - kDay : TimePoint::min();
    const auto until = window.end ? std::min(*window.end + kDay, kHorizon) : kHorizon;
    const auto limit = window.end ? SIZE_MAX : kMostInstances;
    std::vector<Event> found;
    for (auto& start : occurrences(series.body.start, series.body.recurrence, from, until, limit)) {
        auto instance = instance_at(series, std::move(start));
        if (!events_.contains(instance.id) && touches(instance, window)) found.push_back(std::move(instance));
    }
    for (auto& exception : exceptions_of(series.id))
        if (touches(exception, window)) found.push_back(std::move(exception));
    std::ranges::sort(found, {}, [&](const Event& event) {
        return std::pair(instant_of(event.body.start, time_zone), std::string_view(event.id));
    });
    return found;
}

bool Calendar::touches(const Event& event, const Window& window) const {
    return (!window.begin || instant_of(event.body.end, time_zone) > *window.begin) &&
           (!window.end || instant_of(event.body.start, time_zone) < *window.end);
}

}  // namespace inboxpro::sandbox::calendar
