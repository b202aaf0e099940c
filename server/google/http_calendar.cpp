#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "google/calendar_answers.h"
#include "google/errors.h"
#include "google/http_google_api.h"

namespace inboxpro {
namespace {

namespace json = boost::json;
using Notify = EventOptions::Notify;

std::string events_of(std::string_view calendar) {
    return fmt::format("/calendars/{}/events", percent_encoded(calendar));
}
std::string event_in(std::string_view calendar, std::string_view event) {
    return fmt::format("{}/{}", events_of(calendar), percent_encoded(event));
}

std::string_view name_of(Notify notify) {
    switch (notify) {
        case Notify::all_guests: return "all";
        case Notify::external_guests: return "externalOnly";
        case Notify::nobody: break;
    }
    return "none";
}

std::string query_of(const EventOptions& options) {
    return fmt::format("?sendUpdates={}&conferenceDataVersion={}", name_of(options.notify), options.with_meet ? 1 : 0);
}

std::string_view name_of(Attendee::Response response) {
    switch (response) {
        case Attendee::Response::accepted: return "accepted";
        case Attendee::Response::tentative: return "tentative";
        case Attendee::Response::declined: return "declined";
        case Attendee::Response::needs_action: break;
    }
    return "needsAction";
}

json::object json_of(const EventTime& time) {
    json::object object;
    if (time.date.empty())
        object["dateTime"] = to_rfc3339(time.at);
    else
        object["date"] = time.date;
    if (!time.time_zone.empty()) object["timeZone"] = time.time_zone;
    return object;
}

json::array json_of(const std::vector<Attendee>& attendees) {
    json::array list;
    for (const auto& attendee : attendees) {
        json::object object{{"email", attendee.address}, {"responseStatus", name_of(attendee.response)}};
        if (!attendee.name.empty()) object["displayName"] = attendee.name;
        list.push_back(std::move(object));
    }
    return list;
}

void put_properties(json::object& event, const std::map<std::string, std::string>& properties) {
    if (properties.empty()) return;
    json::object own;
    for (const auto& [name, value] : properties) own[name] = value;
    event["extendedProperties"] = json::object{{"private", std::move(own)}};
}

void put_meet_request(json::object& event, const std::string& request) {
    if (request.empty()) return;
    event["conferenceData"] = json::object{
        {"createRequest",
         json::object{{"requestId", request}, {"conferenceSolutionKey", json::object{{"type", "hangoutsMeet"}}}}}};
}

json::object json_of(const NewEvent& event) {
    json::object object{
        {"id", event.id}, {"summary", event.summary}, {"start", json_of(event.start)}, {"end", json_of(event.end)}};
    if (!event.description.empty()) object["description"] = event.description;
    if (!event.location.empty()) object["location"] = event.location;
    if (!event.attendees.empty()) object["attendees"] = json_of(event.attendees);
    put_properties(object, event.private_properties);
    put_meet_request(object, event.meet_request);
    return object;
}

json::object json_of(const EventChange& change) {
    json::object object;
    if (change.summary) object["summary"] = *change.summary;
    if (change.description) object["description"] = *change.description;
    if (change.location) object["location"] = *change.location;
    if (change.start) object["start"] = json_of(*change.start);
    if (change.end) object["end"] = json_of(*change.end);
    if (change.attendees) object["attendees"] = json_of(*change.attendees);
    put_properties(object, change.private_properties);
    put_meet_request(object, change.meet_request);
    return object;
}

std::string query_of(const EventQuery& query) {
    std::string text = "?singleEvents=true&maxResults=2500";
    const auto add = [&](std::string_view name, std::string_view value) {
        text += fmt::format("&{}={}", name, percent_encoded(value));
    };
    if (!query.sync_token.empty()) {
        add("syncToken", query.sync_token);
    } else {
        if (query.from) add("timeMin", to_rfc3339(*query.from));
        if (query.until) add("timeMax", to_rfc3339(*query.until));
        if (query.private_property)
            add("privateExtendedProperty",
                fmt::format("{}={}", query.private_property->first, query.private_property->second));
    }
    if (!query.page.empty()) add("pageToken", query.page);
    return text;
}

}  // namespace

Task<Result<Bytes>> HttpGoogleApi::calendar(Secret access_token, std::string method, std::string path,
                                            json::object body) {
    return api(std::move(access_token), {.method = std::move(method),
                                         .url = endpoints_.calendar + path,
                                         .body = body.empty() ? Bytes{} : json::serialize(body),
                                         .deadline = deadlines_.call});
}

Task<Result<CalendarList>> HttpGoogleApi::calendars(Secret access_token, std::string page) {
    std::string path = "/users/me/calendarList?maxResults=250";
    if (!page.empty()) path += "&pageToken=" + percent_encoded(page);
    co_return read_calendar_list(CO_TRY(co_await calendar(std::move(access_token), "GET", std::move(path))));
}

Task<Result<BusyTimes>> HttpGoogleApi::free_busy(Secret access_token, std::vector<std::string> calendars,
                                                 TimeSpan span) {
    json::array items;
    for (const auto& id : calendars) items.push_back(json::object{{"id", id}});
    json::object body{{"timeMin", to_rfc3339(span.from)},
                      {"timeMax", to_rfc3339(span.until)},
                      {"calendarExpansionMax", kMostFreeBusyCalendars},
                      {"items", std::move(items)}};
    const auto answer = CO_TRY(co_await calendar(std::move(access_token), "POST", "/freeBusy", std::move(body)));
    co_return read_busy_times(answer, calendars);
}

Task<Result<CalendarEvent>> HttpGoogleApi::insert_event(Secret access_token, std::string calendar_id, NewEvent event,
                                                        EventOptions options) {
    auto path = events_of(calendar_id) + query_of(options);
    co_return read_event(CO_TRY(co_await calendar(std::move(access_token), "POST", std::move(path), json_of(event))));
}

Task<Result<CalendarEvent>> HttpGoogleApi::get_event(Secret access_token, std::string calendar_id, std::string event) {
    co_return read_event(CO_TRY(co_await calendar(std::move(access_token), "GET", event_in(calendar_id, event))));
}

Task<Result<CalendarEvent>> HttpGoogleApi::patch_event(Secret access_token, std::string calendar_id, std::string event,
                                                       EventChange change, EventOptions options) {
    HttpCall call{.method = "PATCH",
                  .url = endpoints_.calendar + event_in(calendar_id, event) + query_of(options),
                  .body = json::serialize(json_of(change)),
                  .deadline = deadlines_.call};
    if (!change.if_etag.empty()) call.headers.push_back("If-Match: " + change.if_etag);
    co_return read_event(CO_TRY(co_await api(std::move(access_token), std::move(call))));
}

Task<Result<void>> HttpGoogleApi::delete_event(Secret access_token, std::string calendar_id, std::string event,
                                               Notify notify) {
    auto path = fmt::format("{}?sendUpdates={}", event_in(calendar_id, event), name_of(notify));
    const auto deleted = co_await calendar(std::move(access_token), "DELETE", std::move(path));
    const bool was_deleted = !deleted && deleted.error().detail == kDeletedBefore;
    if (!deleted && !was_deleted) co_return std::unexpected(deleted.error());
    co_return Result<void>{};
}

Task<Result<EventPage>> HttpGoogleApi::events(Secret access_token, std::string calendar_id, EventQuery query) {
    auto path = events_of(calendar_id) + query_of(query);
    co_return read_event_page(CO_TRY(co_await calendar(std::move(access_token), "GET", std::move(path))));
}

Task<Result<Channel>> HttpGoogleApi::watch_events(Secret access_token, std::string calendar_id,
                                                  ChannelRequest channel) {
    json::object body{{"id", channel.id},
                      {"type", "web_hook"},
                      {"address", channel.address},
                      {"params", json::object{{"ttl", std::to_string(channel.life.count())}}}};
    if (!channel.token.empty()) body["token"] = channel.token;
    co_return read_channel(
        CO_TRY(co_await calendar(std::move(access_token), "POST", events_of(calendar_id) + "/watch", std::move(body))));
}

Task<Result<void>> HttpGoogleApi::stop_channel(Secret access_token, Channel channel) {
    json::object body{{"id", channel.id}, {"resourceId", channel.resource_id}};
    CO_TRY(co_await calendar(std::move(access_token), "POST", "/channels/stop", std::move(body)));
    co_return Result<void>{};
}

Task<Result<std::string>> HttpGoogleApi::time_zone(Secret access_token) {
    co_return read_setting(CO_TRY(co_await calendar(std::move(access_token), "GET", "/users/me/settings/timezone")));
}

}  // namespace inboxpro
