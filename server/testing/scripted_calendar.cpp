#include <charconv>

#include "google/free_busy.h"
#include "testing/scripted_google.h"

namespace inboxpro::testing {
namespace {

using State = CalendarEvent::State;

bool meets(const CalendarEvent& event, const EventQuery& query) {
    if (query.until && event.start.at >= *query.until) return false;
    if (query.from && event.end.at <= *query.from) return false;
    if (!query.private_property) return true;
    const auto found = event.private_properties.find(query.private_property->first);
    return found != event.private_properties.end() && found->second == query.private_property->second;
}

MeetLink meet_for(const std::string& request, const EventOptions& options) {
    if (request.empty() || !options.with_meet) return {};
    return {.state = MeetLink::State::ready, .url = "https://meet.google.com/" + request};
}

void apply(CalendarEvent& event, const EventChange& change, const EventOptions& options) {
    if (change.summary) event.summary = *change.summary;
    if (change.description) event.description = *change.description;
    if (change.location) event.location = *change.location;
    if (change.start) event.start = *change.start;
    if (change.end) event.end = *change.end;
    if (change.attendees) event.attendees = *change.attendees;
    for (const auto& [name, value] : change.private_properties) event.private_properties[name] = value;
    if (auto meet = meet_for(change.meet_request, options); meet.state != MeetLink::State::none) event.meet = meet;
}

}  // namespace

Result<ScriptedGoogle::CalendarBox*> ScriptedGoogle::open_calendar(const Secret& access_token, const std::string& id) {
    auto* mailbox = TRY(open(access_token, {scope::kCalendarEvents}));
    const auto found = mailbox->calendars.find(id);
    if (found == mailbox->calendars.end()) return fail(ErrorKind::not_found, "notFound");
    return &found->second;
}

CalendarEvent ScriptedGoogle::note_change(CalendarBox& calendar, CalendarEvent event) {
    event.etag = fmt::format("\"{}\"", ++calendar.changes);
    event.updated = clock_.now();
    calendar.changed[event.id] = calendar.changes;
    return calendar.events[event.id] = std::move(event);
}

Task<Result<CalendarList>> ScriptedGoogle::calendars(Secret access_token, std::string) {
    CO_TRY(co_await arrive(Call::calendars));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kCalendarList}));
    CalendarList list;
    for (const auto& [id, box] : mailbox->calendars) list.calendars.push_back(box.calendar);
    co_return leave<CalendarList>(Call::calendars, std::move(list));
}

Task<Result<BusyTimes>> ScriptedGoogle::free_busy(Secret access_token, std::vector<std::string> calendars,
                                                  TimeSpan span) {
    CO_TRY(co_await arrive(Call::free_busy));
    const auto* mailbox = CO_TRY(open(access_token, {scope::kCalendarFreeBusy}));
    if (span.until <= span.from) co_return fail(ErrorKind::invalid, "timeRangeEmpty");
    if (span.until - span.from > kLongestFreeBusy) co_return fail(ErrorKind::invalid, "timeRangeTooLong");
    BusyTimes times;
    for (const auto& id : calendars) {
        const auto found = mailbox->calendars.find(id);
        if (found == mailbox->calendars.end()) {
            times.emplace(id, fail(ErrorKind::not_found, "notFound"));
            continue;
        }
        std::vector<TimeSpan> busy;
        for (const auto& [event_id, event] : found->second.events)
            if (event.state != State::cancelled && event.blocks_time)
                busy.push_back({std::max(event.start.at, span.from), std::min(event.end.at, span.until)});
        times.emplace(id, joined(std::move(busy)));
    }
    co_return leave<BusyTimes>(Call::free_busy, std::move(times));
}

Task<Result<CalendarEvent>> ScriptedGoogle::insert_event(Secret access_token, std::string calendar, NewEvent event,
                                                         EventOptions options) {
    CO_TRY(co_await arrive(Call::insert_event));
    auto* box = CO_TRY(open_calendar(access_token, calendar));
    if (box->events.contains(event.id)) co_return fail(ErrorKind::conflict, "duplicate");
    CalendarEvent made{.id = std::move(event.id),
                       .summary = std::move(event.summary),
                       .description = std::move(event.description),
                       .location = std::move(event.location),
                       .start = std::move(event.start),
                       .end = std::move(event.end),
                       .attendees = std::move(event.attendees),
                       .private_properties = std::move(event.private_properties),
                       .meet = meet_for(event.meet_request, options)};
    co_return leave<CalendarEvent>(Call::insert_event, note_change(*box, std::move(made)));
}

Task<Result<CalendarEvent>> ScriptedGoogle::get_event(Secret access_token, std::string calendar, std::string event) {
    CO_TRY(co_await arrive(Call::get_event));
    const auto* box = CO_TRY(open_calendar(access_token, calendar));
    const auto found = box->events.find(event);
    if (found == box->events.end()) co_return fail(ErrorKind::not_found, "notFound");
    co_return leave<CalendarEvent>(Call::get_event, found->second);
}

Task<Result<CalendarEvent>> ScriptedGoogle::patch_event(Secret access_token, std::string calendar, std::string event,
                                                        EventChange change, EventOptions options) {
    CO_TRY(co_await arrive(Call::patch_event));
    auto* box = CO_TRY(open_calendar(access_token, calendar));
    const auto found = box->events.find(event);
    if (found == box->events.end()) co_return fail(ErrorKind::not_found, "notFound");
    if (found->second.state == State::cancelled) co_return fail(ErrorKind::denied, "forbidden");
    if (!change.if_etag.empty() && change.if_etag != found->second.etag)
        co_return fail(ErrorKind::conflict, "conditionNotMet");
    auto changed = found->second;
    apply(changed, change, options);
    co_return leave<CalendarEvent>(Call::patch_event, note_change(*box, std::move(changed)));
}

Task<Result<void>> ScriptedGoogle::delete_event(Secret access_token, std::string calendar, std::string event,
                                                EventOptions::Notify) {
    CO_TRY(co_await arrive(Call::delete_event));
    auto* box = CO_TRY(open_calendar(access_token, calendar));
    const auto found = box->events.find(event);
    if (found == box->events.end()) co_return fail(ErrorKind::not_found, "notFound");
    if (found->second.state != State::cancelled) {
        auto deleted = found->second;
        deleted.state = State::cancelled;
        note_change(*box, std::move(deleted));
    }
    co_return leave<void>(Call::delete_event, {});
}

Task<Result<EventPage>> ScriptedGoogle::events(Secret access_token, std::string calendar, EventQuery query) {
    CO_TRY(co_await arrive(Call::events));
    const auto* box = CO_TRY(open_calendar(access_token, calendar));
    EventPage page{.events = {}, .next_page = {}, .sync_token = std::to_string(box->changes), .time_zone = {}};
    if (query.sync_token.empty()) {
        for (const auto& [id, event] : box->events)
            if (event.state != State::cancelled && meets(event, query)) page.events.push_back(event);
    } else {
        std::uint64_t since = 0;
        std::from_chars(query.sync_token.data(), query.sync_token.data() + query.sync_token.size(), since);
        if (since < box->forgotten) co_return fail(ErrorKind::not_found, "fullSyncRequired");
        for (const auto& [id, change] : box->changed)
            if (change > since) page.events.push_back(box->events.at(id));
    }
    co_return leave<EventPage>(Call::events, std::move(page));
}

Task<Result<Channel>> ScriptedGoogle::watch_events(Secret access_token, std::string calendar, ChannelRequest channel) {
    CO_TRY(co_await arrive(Call::watch_events));
    CO_TRY(open_calendar(access_token, calendar));
    auto* mailbox = CO_TRY(open(access_token, {scope::kCalendarEvents}));
    Channel made{.id = channel.id,
                 .resource_id = next_id("resource"),
                 .expires_at = clock_.now() + std::chrono::duration_cast<std::chrono::milliseconds>(channel.life)};
    if (!mailbox->channels.emplace(channel.id, made).second) co_return fail(ErrorKind::invalid, "channelIdNotUnique");
    co_return leave<Channel>(Call::watch_events, std::move(made));
}

Task<Result<void>> ScriptedGoogle::stop_channel(Secret access_token, Channel channel) {
    CO_TRY(co_await arrive(Call::stop_channel));
    auto* mailbox = CO_TRY(open(access_token, {scope::kCalendarEvents}));
    const auto found = mailbox->channels.find(channel.id);
    if (found == mailbox->channels.end() || found->second.resource_id != channel.resource_id)
        co_return fail(ErrorKind::not_found, "channelNotFound");
    mailbox->channels.erase(found);
    co_return leave<void>(Call::stop_channel, {});
}

Task<Result<std::string>> ScriptedGoogle::time_zone(Secret access_token) {
    CO_TRY(co_await arrive(Call::time_zone));
    co_return leave<std::string>(Call::time_zone, CO_TRY(open(access_token, {scope::kCalendarSettings}))->time_zone);
}

}  // namespace inboxpro::testing
