#include "google/calendar_answers.h"

#include <algorithm>

#include "google/free_busy.h"
#include "google/json_fields.h"

namespace inboxpro {
namespace {

using namespace fields;

namespace json = boost::json;

template <class Value>
Value one_of(std::string_view text, std::initializer_list<std::pair<std::string_view, Value>> names, Value otherwise) {
    const auto found = std::ranges::find(names, text, &std::pair<std::string_view, Value>::first);
    return found == names.end() ? otherwise : found->second;
}

Calendar calendar_from(const json::object& from) {
    using Access = Calendar::Access;
    Calendar calendar{
        .id = text_in(from, "id"),
        .name = text_in(from, "summaryOverride"),
        .time_zone = text_in(from, "timeZone"),
        .access = one_of<Access>(text_in(from, "accessRole"),
                                 {{"reader", Access::reader}, {"writer", Access::writer}, {"owner", Access::owner}},
                                 Access::free_busy_only),
        .is_primary = flag_in(from, "primary")};
    if (calendar.name.empty()) calendar.name = text_in(from, "summary");
    if (const auto* conference = object_in(from, "conferenceProperties"))
        for (const auto& type : texts_in(*conference, "allowedConferenceSolutionTypes"))
            calendar.can_meet = calendar.can_meet || type == "hangoutsMeet";
    return calendar;
}

Result<TimeSpan> span_from(const json::object& from) {
    const auto start = from_rfc3339(text_in(from, "start"));
    const auto end = from_rfc3339(text_in(from, "end"));
    if (!start || !end || *end < *start)
        return fail(ErrorKind::unavailable, "Google's answer holds a time that cannot be read");
    return TimeSpan{*start, *end};
}

// Of no reason that Google documents does asking again at once help, and none says "free".
Result<std::vector<TimeSpan>> busy_from(const json::object* calendar) {
    if (calendar == nullptr) return fail(ErrorKind::unavailable, "Google's answer lacks a calendar that was asked for");
    if (calendar->contains("errors")) {
        const auto errors = objects_in(*calendar, "errors");
        const auto reason = errors.empty() ? std::string{} : text_in(*errors.front(), "reason");
        if (reason == "notFound") return fail(ErrorKind::not_found, "notFound");
        if (reason == "tooManyCalendarsRequested") return fail(ErrorKind::invalid, "tooManyCalendarsRequested");
        if (!errors.empty()) return fail(ErrorKind::unavailable, "Google does not know when a calendar is busy");
    }
    std::vector<TimeSpan> busy;
    for (const auto* entry : objects_in(*calendar, "busy")) busy.push_back(TRY(span_from(*entry)));
    return joined(std::move(busy));
}

EventTime event_time_from(const json::object& from, std::string_view name) {
    const auto* time = object_in(from, name);
    if (time == nullptr) return {};
    return {.at = from_rfc3339(text_in(*time, "dateTime")).value_or(TimePoint{}),
            .date = text_in(*time, "date"),
            .time_zone = text_in(*time, "timeZone")};
}

Attendee attendee_from(const json::object& from) {
    using Response = Attendee::Response;
    return {
        .address = text_in(from, "email"),
        .name = text_in(from, "displayName"),
        .response = one_of<Response>(
            text_in(from, "responseStatus"),
            {{"accepted", Response::accepted}, {"tentative", Response::tentative}, {"declined", Response::declined}},
            Response::needs_action)};
}

// An answered request without a link in it is not ready, whatever its status says.
MeetLink meet_from(const json::object& event) {
    using State = MeetLink::State;
    if (auto url = text_in(event, "hangoutLink"); !url.empty()) return {.state = State::ready, .url = std::move(url)};
    const auto* conference = object_in(event, "conferenceData");
    if (conference == nullptr) return {};
    for (const auto* entry : objects_in(*conference, "entryPoints"))
        if (text_in(*entry, "entryPointType") == "video") return {.state = State::ready, .url = text_in(*entry, "uri")};
    const auto* request = object_in(*conference, "createRequest");
    const auto* status = request == nullptr ? nullptr : object_in(*request, "status");
    if (status == nullptr) return {};
    return {.state = text_in(*status, "statusCode") == "failure" ? State::failed : State::pending};
}

Result<CalendarEvent> event_from(const json::object& from) {
    using State = CalendarEvent::State;
    CalendarEvent event{
        .id = TRY(needed(from, "id")),
        .etag = text_in(from, "etag"),
        .state = one_of<State>(text_in(from, "status"),
                               {{"cancelled", State::cancelled}, {"tentative", State::tentative}}, State::confirmed),
        .summary = text_in(from, "summary"),
        .description = text_in(from, "description"),
        .location = text_in(from, "location"),
        .start = event_time_from(from, "start"),
        .end = event_time_from(from, "end"),
        .attendees = {},
        .private_properties = {},
        .meet = meet_from(from),
        .blocks_time = text_in(from, "transparency") != "transparent",
        .updated = from_rfc3339(text_in(from, "updated")).value_or(TimePoint{})};
    for (const auto* attendee : objects_in(from, "attendees")) event.attendees.push_back(attendee_from(*attendee));
    const auto* properties = object_in(from, "extendedProperties");
    const auto* own = properties == nullptr ? nullptr : object_in(*properties, "private");
    if (own != nullptr)
        for (const auto& [name, value] : *own)
            if (value.is_string()) event.private_properties.emplace(name, value.get_string());
    return event;
}

}  // namespace

Result<CalendarList> read_calendar_list(std::string_view body) {
    const auto root = TRY(read_object(body));
    CalendarList list{.calendars = {}, .next_page = text_in(root, "nextPageToken")};
    for (const auto* entry : objects_in(root, "items")) list.calendars.push_back(calendar_from(*entry));
    return list;
}

Result<BusyTimes> read_busy_times(std::string_view body, const std::vector<std::string>& asked) {
    const auto root = TRY(read_object(body));
    const auto* calendars = object_in(root, "calendars");
    BusyTimes times;
    for (const auto& id : asked)
        times.emplace(id, busy_from(calendars == nullptr ? nullptr : object_in(*calendars, id)));
    return times;
}

Result<CalendarEvent> read_event(std::string_view body) {
    return event_from(TRY(read_object(body)));
}

Result<EventPage> read_event_page(std::string_view body) {
    const auto root = TRY(read_object(body));
    EventPage page{.events = {},
                   .next_page = text_in(root, "nextPageToken"),
                   .sync_token = text_in(root, "nextSyncToken"),
                   .time_zone = text_in(root, "timeZone")};
    for (const auto* entry : objects_in(root, "items")) page.events.push_back(TRY(event_from(*entry)));
    return page;
}

Result<Channel> read_channel(std::string_view body) {
    const auto root = TRY(read_object(body));
    return Channel{.id = TRY(needed(root, "id")),
                   .resource_id = TRY(needed(root, "resourceId")),
                   .expires_at = from_millis(static_cast<std::int64_t>(number_in(root, "expiration")))};
}

Result<std::string> read_setting(std::string_view body) {
    return needed(TRY(read_object(body)), "value");
}

}  // namespace inboxpro
