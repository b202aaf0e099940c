#include "sandbox/calendar/event_query.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::size_t kStandardEvents = 250;
constexpr std::size_t kMostEvents = 2'500;

/// An event with the key that it is ordered by.
using Keyed = std::pair<std::string, Event>;

json::object head_of(const Desk& desk, const View& view) {
    json::object answer{
        {"kind", "calendar#events"},
        {"etag", etag_of(desk.calendar.last_change())},
        {"summary", desk.calendar.summary},
        {"updated", to_rfc3339(from_millis(static_cast<std::int64_t>(desk.calendar.last_change() / 2'000)))},
        {"timeZone", view.zone},
        {"accessRole", name_of(desk.role)},
        {"defaultReminders", json::array{}}};
    if (desk.role == Role::owner)
        answer["defaultReminders"] = json::array{json::object{{"method", "popup"}, {"minutes", 10}}};
    return answer;
}

struct Page {
    std::vector<Event> events;
    std::string next;  ///< Empty on the last page.
    PagePoint point;
};

std::expected<Page, GoogleError> page_of(const Call& call, const Desk& desk, std::vector<Keyed> found) {
    const auto limit = max_results(call, kStandardEvents, kMostEvents);
    if (!limit) return std::unexpected(limit.error());
    auto point = read_page_token(call.query("pageToken"));
    if (!point) return std::unexpected(point.error());
    if (point->stamp == 0) point->stamp = desk.all.last_stamp();
    std::ranges::sort(found, {}, &Keyed::first);
    Page page{.point = *point};
    for (auto& [key, event] : found) {
        if (!point->after.empty() && key <= point->after) continue;
        if (page.events.size() == *limit) {
            page.next = to_page_token(page.point);
            break;
        }
        page.events.push_back(std::move(event));
        page.point.after = key;
    }
    return page;
}

json::array items_of(const std::vector<Event>& events, const View& view, bool shows_deleted) {
    json::array items;
    for (const auto& event : events)
        items.push_back(event.is_cancelled() && !shows_deleted ? stub_of(event, view) : resource_of(event, view));
    return items;
}

Answer list_events(const Call& call, Desk& desk) {
    finish_conferences(desk);
    const auto view = view_of(call, desk);
    if (!view) return std::unexpected(view.error());
    const auto query = event_query_of(call, desk);
    if (!query) return std::unexpected(query.error());
    std::vector<Keyed> found;
    for (auto& event : found_events(desk.calendar, *query)) {
        auto key = order_key(desk.calendar, *query, event);
        found.emplace_back(std::move(key), std::move(event));
    }
    auto page = page_of(call, desk, std::move(found));
    if (!page) return std::unexpected(page.error());
    auto answer = head_of(desk, *view);
    answer["items"] = items_of(page->events, *view, query->show_deleted);
    if (!page->next.empty())
        answer["nextPageToken"] = page->next;
    else if (query->may_sync())
        answer["nextSyncToken"] =
            desk.all.sync_tokens().issue(sync_name(desk.calendar), {page->point.stamp, query->window});
    return answer;
}

Answer list_instances(const Call& call, Desk& desk) {
    finish_conferences(desk);
    const auto view = view_of(call, desk);
    if (!view) return std::unexpected(view.error());
    const auto window = window_of(call);
    if (!window) return std::unexpected(window.error());
    const auto original = call.query("originalStart");
    const auto* series = desk.calendar.stored(call.path_value(1));
    if (series == nullptr) return not_found();
    std::vector<Keyed> found;
    for (auto& instance : desk.calendar.instances(*series, *window)) {
        if (instance.is_cancelled() && !is_true(call, "showDeleted")) continue;
        const auto start = to_json(*instance.original_start, "Etc/UTC", desk.calendar.time_zone);
        const auto asked = from_rfc3339(original);
        const bool is_asked = original.empty() || text_in(start, "date") == original ||
                              (asked && !instance.original_start->all_day && instance.original_start->at == *asked);
        if (!is_asked) continue;
        auto key = order_key(desk.calendar, {.order = "startTime"}, instance);
        found.emplace_back(std::move(key), std::move(instance));
    }
    auto page = page_of(call, desk, std::move(found));
    if (!page) return std::unexpected(page.error());
    auto answer = head_of(desk, *view);
    answer["items"] = items_of(page->events, *view, true);
    if (!page->next.empty()) answer["nextPageToken"] = page->next;
    return answer;
}

}  // namespace

void add_listing_methods(Api& api, Calendars& calendars) {
    api.add("calendar.events.list", [&calendars](const Call& call) {
        return calendars.at(call.user, call.path_value(0), Role::free_busy_reader,
                            [&](Desk& desk) { return list_events(call, desk); });
    });
    api.add("calendar.events.instances", [&calendars](const Call& call) {
        return calendars.at(call.user, call.path_value(0), Role::free_busy_reader,
                            [&](Desk& desk) { return list_instances(call, desk); });
    });
}

}  // namespace inboxpro::sandbox::calendar
