#include "sandbox/calendar/recurrence.h"

#include <libical/ical.h>

#include <memory>
#include <set>

#include "sandbox/calendar/ical.h"

namespace inboxpro::sandbox::calendar {
namespace {

constexpr std::size_t kMostLookedAt = 100'000;

using Walls = std::set<WallTime>;
using Iterator = std::unique_ptr<icalrecur_iterator, FreedBy<icalrecur_iterator_free>>;

bool is_of_recurrence(std::string_view line) {
    const auto name = line.substr(0, line.find_first_of(":;"));
    return !line.contains('\n') && !line.contains('\r') &&
           (name == "RRULE" || name == "EXRULE" || name == "RDATE" || name == "EXDATE");
}

/// The lines as libical reads them; null when one is not understood.
Component parse(std::span<const std::string> lines) {
    std::string text = "BEGIN:VEVENT\r\n";
    for (const auto& line : lines) {
        if (!is_of_recurrence(line)) return nullptr;
        text += line + "\r\n";
    }
    text += "END:VEVENT\r\n";
    Component event(icalparser_parse_string(text.c_str()));
    if (!event || icalcomponent_count_properties(event.get(), ICAL_XLICERROR_PROPERTY) > 0) return nullptr;
    return event;
}

template <class Use>
void each(const Component& event, icalproperty_kind kind, const Use& use) {
    for (auto* property = icalcomponent_get_first_property(event.get(), kind); property != nullptr;
         property = icalcomponent_get_next_property(event.get(), kind))
        use(property);
}

/// A time as the clocks of `start`'s zone show it, whatever zone it is written in.
WallTime wall_in(const icaltimetype& time, const std::string& written_in, const EventTime& start) {
    const auto wall = wall_from(time);
    if (start.all_day || time.is_date != 0) return wall;
    const auto at = icaltime_is_utc(time) != 0                   ? TimePoint{wall.time_since_epoch()}
                    : written_in.empty() || !is_zone(written_in) ? to_instant(wall, start.zone)
                                                                 : to_instant(wall, written_in);
    return to_wall(at, start.zone);
}

std::string zone_of(icalproperty* property) {
    auto* parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    return parameter == nullptr ? std::string{} : icalparameter_get_tzid(parameter);
}

Walls times_of(const Component& event, icalproperty_kind kind, const EventTime& start) {
    Walls walls;
    each(event, kind, [&](icalproperty* property) {
        const auto time =
            kind == ICAL_RDATE_PROPERTY ? icalproperty_get_rdate(property).time : icalproperty_get_exdate(property);
        auto wall = wall_in(time, zone_of(property), start);
        // A mere date names the occurrence of that day.
        if (!start.all_day && time.is_date != 0) wall += wall_of(start) - date::floor<date::days>(wall_of(start));
        walls.insert(wall);
    });
    return walls;
}

/// The last time that a rule allows, as the clocks of the series show it.
void localize_until(icalrecurrencetype& rule, const EventTime& start) {
    if (icaltime_is_null_time(rule.until) != 0) return;
    auto wall = wall_in(rule.until, {}, start);
    if (!start.all_day && rule.until.is_date != 0) wall += std::chrono::hours{24} - std::chrono::seconds{1};
    if (start.all_day) wall = date::floor<date::days>(wall);
    rule.until = to_ical(wall, start.all_day);
}

Walls times_of_rules(const Component& event, icalproperty_kind kind, const EventTime& start, WallTime before) {
    Walls walls;
    each(event, kind, [&](icalproperty* property) {
        auto rule = kind == ICAL_RRULE_PROPERTY ? icalproperty_get_rrule(property) : icalproperty_get_exrule(property);
        localize_until(rule, start);
        const Iterator iterator(icalrecur_iterator_new(rule, to_ical(wall_of(start), start.all_day)));
        if (!iterator) return;
        for (std::size_t i = 0; i < kMostLookedAt; ++i) {
            const auto next = icalrecur_iterator_next(iterator.get());
            if (icaltime_is_null_time(next) != 0 || wall_from(next) >= before) break;
            walls.insert(wall_from(next));
        }
    });
    return walls;
}

bool adds_occurrences(const Component& event) {
    return icalcomponent_count_properties(event.get(), ICAL_RRULE_PROPERTY) > 0 ||
           icalcomponent_count_properties(event.get(), ICAL_RDATE_PROPERTY) > 0;
}

TimePoint point_of(const EventTime& time) {
    return time.all_day ? TimePoint{time.day.time_since_epoch()} : time.at;
}

}  // namespace

bool is_recurrence(std::span<const std::string> lines, const EventTime& start) {
    const auto event = parse(lines);
    if (!event || !adds_occurrences(event)) return false;
    bool good = true;
    each(event, ICAL_RRULE_PROPERTY, [&](icalproperty* property) {
        const auto rule = icalproperty_get_rrule(property);
        const bool often = rule.freq == ICAL_SECONDLY_RECURRENCE || rule.freq == ICAL_MINUTELY_RECURRENCE;
        const Iterator iterator(icalrecur_iterator_new(rule, to_ical(wall_of(start), start.all_day)));
        good = good && rule.freq != ICAL_NO_RECURRENCE && !often && iterator != nullptr;
    });
    return good;
}

std::vector<EventTime> occurrences(const EventTime& start, std::span<const std::string> lines, TimePoint from,
                                   TimePoint until, std::size_t limit) {
    const auto event = parse(lines);
    if (!event) return {};
    // Clocks are at most a day away from UTC.
    const auto before =
        WallTime{std::chrono::floor<std::chrono::seconds>(until).time_since_epoch()} + std::chrono::hours{24};
    auto walls = times_of_rules(event, ICAL_RRULE_PROPERTY, start, before);
    if (icalcomponent_count_properties(event.get(), ICAL_RRULE_PROPERTY) == 0) walls.insert(wall_of(start));
    walls.merge(times_of(event, ICAL_RDATE_PROPERTY, start));
    for (const auto& wall : times_of_rules(event, ICAL_EXRULE_PROPERTY, start, before)) walls.erase(wall);
    for (const auto& wall : times_of(event, ICAL_EXDATE_PROPERTY, start)) walls.erase(wall);

    std::vector<EventTime> starts;
    for (const auto& wall : walls) {
        auto each_start = moved_to(start, wall);
        if (point_of(each_start) < from || point_of(each_start) >= until) continue;
        if (starts.size() == limit) break;
        starts.push_back(std::move(each_start));
    }
    return starts;
}

}  // namespace inboxpro::sandbox::calendar
