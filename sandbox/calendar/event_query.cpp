#include "sandbox/calendar/event_query.h"

#include <fmt/format.h>

#include "http/server/text.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::array kNotWithSyncToken = {
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin"};

std::expected<EventQuery, GoogleError> synced(const Call& call, const Desk& desk, EventQuery query) {
    for (const auto* name : kNotWithSyncToken)
        if (call.request.query_value(name)) return sync_token_with_others();
    if (call.query("showDeleted") == "false") return sync_token_with_others();
    const auto point = desk.all.sync_tokens().read(sync_name(desk.calendar), call.query("syncToken"));
    if (!point) return std::unexpected(point.error());
    query.window = point->window;
    query.changed_after = point->stamp;
    return query;
}

bool holds(const Event& event, std::string_view word) {
    std::string text;
    for (const char* name : {"summary", "description", "location"}) text += text_in(event.body.kept, name) + "\n";
    text += event.organizer.email + "\n" + event.organizer.display_name + "\n";
    for (const auto& attendee : event.body.attendees) text += attendee.email + "\n" + attendee.display_name + "\n";
    return http::lower_case(text).contains(word);
}

bool holds_all(const Event& event, std::string_view words) {
    while (!words.empty()) {
        const auto word = http::take_until(words, ' ');
        if (!word.empty() && !holds(event, word)) return false;
    }
    return true;
}

bool has_properties(const Event& event, std::string_view kind, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return true;
    const auto* all = object_in(event.body.kept, "extendedProperties");
    const auto* properties = all == nullptr ? nullptr : object_in(*all, kind);
    return properties != nullptr && std::ranges::all_of(wanted, [&](const std::string& one) {
               const auto equals = one.find('=');
               const auto* value = properties->if_contains(one.substr(0, equals));
               return equals != std::string::npos && value != nullptr && value->is_string() &&
                      std::string_view(value->get_string()) == one.substr(equals + 1);
           });
}

bool fits(const EventQuery& query, const Event& event) {
    const bool shows_cancelled = query.show_deleted || query.changed_after != 0 || query.updated_min ||
                                 (!query.single_events && event.original_start);
    if (event.is_cancelled() && !shows_cancelled) return false;
    if (event.stamp <= query.changed_after) return false;
    if (query.updated_min && event.updated < *query.updated_min) return false;
    if (!query.ical_uid.empty() && event.ical_uid != query.ical_uid) return false;
    return has_properties(event, "private", query.private_properties) &&
           has_properties(event, "shared", query.shared_properties) && holds_all(event, query.words);
}

/// Changes are told wherever they moved an event to.
bool lies_right(const Calendar& calendar, const EventQuery& query, const Event& event) {
    if (query.changed_after != 0 || (!query.window.begin && !query.window.end)) return true;
    return event.is_series() ? !calendar.instances(event, query.window).empty() : calendar.touches(event, query.window);
}

}  // namespace

bool EventQuery::may_sync() const {
    return order.empty() && words.empty() && ical_uid.empty() && private_properties.empty() &&
           shared_properties.empty() && !updated_min;
}

std::string sync_name(const Calendar& calendar) {
    return "events " + calendar.id;
}

std::expected<EventQuery, GoogleError> event_query_of(const Call& call, const Desk& desk) {
    EventQuery query{.single_events = is_true(call, "singleEvents"), .show_deleted = is_true(call, "showDeleted")};
    if (call.request.query_value("syncToken")) return synced(call, desk, std::move(query));
    auto window = window_of(call);
    if (!window) return std::unexpected(window.error());
    query.window = *window;
    auto updated_min = time_of(call, "updatedMin");
    if (!updated_min) return std::unexpected(updated_min.error());
    query.updated_min = *updated_min;
    query.order = call.query("orderBy");
    if (!query.order.empty() && query.order != "startTime" && query.order != "updated")
        return invalid_parameter(
            "orderBy", fmt::format("Invalid string value: '{}'. Allowed values: [startTime, updated]", query.order));
    if (query.order == "startTime" && !query.single_events)
        return refusal::bad_request("The requested ordering is not available for the particular query.");
    query.words = http::lower_case(call.query("q"));
    query.ical_uid = call.query("iCalUID");
    query.private_properties = call.queries("privateExtendedProperty");
    query.shared_properties = call.queries("sharedExtendedProperty");
    for (const auto* properties : {&query.private_properties, &query.shared_properties})
        for (const auto& property : *properties)
            if (!property.contains('=')) return invalid(fmt::format("Invalid extended property: {}", property));
    return query;
}

std::vector<Event> found_events(const Calendar& calendar, const EventQuery& query) {
    std::vector<Event> found;
    const auto take = [&](const Event& event) {
        if (fits(query, event) && lies_right(calendar, query, event)) found.push_back(event);
    };
    for (const auto& [id, event] : calendar.events()) {
        if (!query.single_events || !event.is_series()) {
            take(event);
            continue;
        }
        if (event.stamp <= query.changed_after) continue;
        // Those that stand for themselves come by their own ids.
        for (const auto& instance : calendar.instances(event, query.window))
            if (calendar.stored(instance.id) == nullptr) take(instance);
    }
    return found;
}

std::string order_key(const Calendar& calendar, const EventQuery& query, const Event& event) {
    constexpr std::int64_t kNoNegatives = 1'000'000'000'000'000;
    if (query.order.empty()) return event.id;
    // Several changes may share a millisecond.
    if (query.order == "updated") return fmt::format("{:020} {}", event.stamp, event.id);
    return fmt::format("{:020} {}", to_millis(instant_of(event.body.start, calendar.time_zone)) + kNoNegatives,
                       event.id);
}

}  // namespace inboxpro::sandbox::calendar
