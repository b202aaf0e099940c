#include <fmt/format.h>

#include "sandbox/calendar/api.h"
#include "sandbox/calendar/refusals.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::size_t kStandardEntries = 100;
constexpr std::size_t kMostEntries = 250;
constexpr std::string_view kListName = "calendarList";
constexpr std::string_view kSettingsName = "settings";

json::object resource_of(const Calendar& calendar, Role role) {
    json::object resource{{"kind", "calendar#calendarListEntry"},
                          {"etag", etag_of(calendar.stamp)},
                          {"id", calendar.id},
                          {"summary", calendar.summary},
                          {"timeZone", calendar.time_zone},
                          {"colorId", "14"},
                          {"backgroundColor", "#9fe1e7"},
                          {"foregroundColor", "#000000"},
                          {"selected", true},
                          {"accessRole", name_of(role)},
                          {"defaultReminders", json::array{}},
                          {"conferenceProperties", {{"allowedConferenceSolutionTypes", json::array{"hangoutsMeet"}}}}};
    if (!calendar.is_primary || role != Role::owner) return resource;
    resource["primary"] = true;
    resource["defaultReminders"] = json::array{json::object{{"method", "popup"}, {"minutes", 10}}};
    return resource;
}

Answer get_calendar(const Call& call, Calendars& calendars) {
    return calendars.at(call.user, call.path_value(0), Role::free_busy_reader,
                        [](Desk& desk) -> Answer { return resource_of(desk.calendar, desk.role); });
}

/// Entries of a list from where the page begins, and what comes after them: the next page or the sync token.
struct Pages {
    std::size_t begin = 0;
    std::size_t limit = kStandardEntries;
    std::uint64_t changed_after = 0;
};

std::expected<Pages, GoogleError> pages_of(const Call& call, const SyncTokens& tokens, std::string_view list) {
    Pages pages;
    const auto limit = max_results(call, kStandardEntries, kMostEntries);
    if (!limit) return std::unexpected(limit.error());
    const auto point = read_page_token(call.query("pageToken"));
    if (!point) return std::unexpected(point.error());
    pages.limit = *limit;
    pages.begin = to_number(point->after).value_or(0);
    if (!call.request.query_value("syncToken")) return pages;
    const auto synced = tokens.read(list, call.query("syncToken"));
    if (!synced) return std::unexpected(synced.error());
    pages.changed_after = synced->stamp;
    return pages;
}

void add_page(json::object& answer, json::array all, const Pages& pages, const std::string& sync_token) {
    json::array items;
    for (auto i = pages.begin; i < all.size() && items.size() < pages.limit; ++i) items.push_back(std::move(all[i]));
    const auto end = pages.begin + items.size();
    if (end < all.size())
        answer["nextPageToken"] = to_page_token({.stamp = 1, .after = std::to_string(end)});
    else
        answer["nextSyncToken"] = sync_token;
    answer["items"] = std::move(items);
}

Answer list_calendars(const Call& call, Calendars& calendars) {
    const auto least_text = call.query("minAccessRole");
    const auto least = to_role(least_text);
    if (!least_text.empty() && !least)
        return invalid_parameter("minAccessRole", fmt::format("Invalid string value: '{}'.", least_text));
    if (least && call.request.query_value("syncToken")) return sync_token_with_others();
    return calendars.each(call.user, [&](const std::vector<const Calendar*>& found) -> Answer {
        const auto pages = pages_of(call, calendars.sync_tokens(), kListName);
        if (!pages) return std::unexpected(pages.error());
        json::array all;
        std::uint64_t newest = 0;
        for (const auto* calendar : found) {
            newest = std::max(newest, calendar->stamp);
            const auto role = calendar->role_of(call.user);
            if (calendar->stamp > pages->changed_after && role >= least.value_or(Role::none))
                all.push_back(resource_of(*calendar, role));
        }
        json::object answer{{"kind", "calendar#calendarList"}, {"etag", etag_of(newest)}};
        add_page(answer, std::move(all), *pages, calendars.sync_tokens().issue(kListName, {newest, {}}));
        return answer;
    });
}

/// What the settings of a user say, who cannot change them here.
std::vector<std::pair<std::string_view, std::string>> settings_of(const Calendar& primary) {
    return {{"autoAddHangouts", "true"},
            {"dateFieldOrder", "DMY"},
            {"defaultEventLength", "60"},
            {"format24HourTime", "true"},
            {"hideInvitations", "false"},
            {"hideWeekends", "false"},
            {"locale", "en_GB"},
            {"remindOnRespondedEventsOnly", "false"},
            {"showDeclinedEvents", "true"},
            {"timezone", primary.time_zone},
            {"useKeyboardShortcuts", "true"},
            {"weekStart", "1"}};
}

json::object setting_resource(const Calendar& primary, std::string_view id, const std::string& value) {
    return {{"kind", "calendar#setting"}, {"etag", etag_of(primary.stamp)}, {"id", id}, {"value", value}};
}

Answer get_setting(const Call& call, Calendars& calendars) {
    return calendars.at(call.user, "primary", Role::owner, [&](Desk& desk) -> Answer {
        for (const auto& [id, value] : settings_of(desk.calendar))
            if (id == call.path_value(0)) return setting_resource(desk.calendar, id, value);
        return not_found();
    });
}

Answer list_settings(const Call& call, Calendars& calendars) {
    return calendars.at(call.user, "primary", Role::owner, [&](Desk& desk) -> Answer {
        const auto pages = pages_of(call, desk.all.sync_tokens(), kSettingsName);
        if (!pages) return std::unexpected(pages.error());
        const auto& primary = desk.calendar;
        json::array all;
        for (const auto& [id, value] : settings_of(primary))
            if (primary.stamp > pages->changed_after) all.push_back(setting_resource(primary, id, value));
        json::object answer{{"kind", "calendar#settings"}, {"etag", etag_of(primary.stamp)}};
        add_page(answer, std::move(all), *pages, desk.all.sync_tokens().issue(kSettingsName, {primary.stamp, {}}));
        return answer;
    });
}

}  // namespace

void add_calendar_methods(Api& api, Calendars& calendars) {
    api.add("calendar.calendarList.get", [&calendars](const Call& call) { return get_calendar(call, calendars); });
    api.add("calendar.calendarList.list", [&calendars](const Call& call) { return list_calendars(call, calendars); });
    api.add("calendar.settings.get", [&calendars](const Call& call) { return get_setting(call, calendars); });
    api.add("calendar.settings.list", [&calendars](const Call& call) { return list_settings(call, calendars); });
}

}  // namespace inboxpro::sandbox::calendar
