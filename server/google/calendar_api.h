#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/task.h"

namespace inboxpro {

/// From `from` until just before `until`.
struct TimeSpan {
    TimePoint from;
    TimePoint until;
    bool operator==(const TimeSpan&) const = default;
};

struct Calendar {
    enum class Access : std::uint8_t { free_busy_only, reader, writer, owner };
    std::string id;
    std::string name;  ///< As the user sees it.
    std::string time_zone;
    Access access = Access::free_busy_only;
    bool is_primary = false;
    bool can_meet = false;  ///< Whether an event here may get a Google Meet link.
};
struct CalendarList {
    std::vector<Calendar> calendars;
    std::string next_page;
};

/// Of each calendar that was asked for: when it is busy, in order and without overlap, or why that is not known. An
/// error must never be taken for "free".
using BusyTimes = std::map<std::string, Result<std::vector<TimeSpan>>>;

struct Attendee {
    enum class Response : std::uint8_t { needs_action, accepted, tentative, declined };
    std::string address;
    std::string name = {};
    Response response = Response::needs_action;
    bool operator==(const Attendee&) const = default;
};

/// An instant, or the date of a whole-day event.
struct EventTime {
    TimePoint at{};
    std::string date = {};       ///< "2026-11-23"; empty: `at` counts.
    std::string time_zone = {};  ///< IANA name; empty: the calendar's.
    bool operator==(const EventTime&) const = default;
};

struct MeetLink {
    enum class State : std::uint8_t { none, pending, ready, failed };
    State state = State::none;
    std::string url = {};  ///< With `ready`.
};

/// An event as the calendar has it. A deleted one has state `cancelled` and may have nothing else but its id.
struct CalendarEvent {
    enum class State : std::uint8_t { confirmed, tentative, cancelled };
    std::string id;
    std::string etag;
    State state = State::confirmed;
    std::string summary;
    std::string description;
    std::string location;
    EventTime start;
    EventTime end;  ///< Exclusive.
    std::vector<Attendee> attendees;
    std::map<std::string, std::string> private_properties;  ///< Of this calendar's copy.
    MeetLink meet;
    bool blocks_time = true;  ///< Not with transparency=transparent.
    TimePoint updated{};
};

struct NewEvent {
    /// 5 to 1,024 of a-v and 0-9, unique in the calendar for ever: a deleted event keeps its id.
    std::string id;
    std::string summary;
    std::string description = {};
    std::string location = {};
    EventTime start;
    EventTime end;
    std::vector<Attendee> attendees = {};
    std::map<std::string, std::string> private_properties = {};
    std::string meet_request = {};  ///< Own id of the wish for a Meet link; empty: none is wished for.
};
/// What to change; what is absent stays.
struct EventChange {
    std::optional<std::string> summary = {};
    std::optional<std::string> description = {};
    std::optional<std::string> location = {};
    std::optional<EventTime> start = {};
    std::optional<EventTime> end = {};
    std::optional<std::vector<Attendee>> attendees = {};  ///< Replaces the whole list.
    std::map<std::string, std::string> private_properties = {};
    std::string meet_request = {};
    std::string if_etag = {};  ///< Only if the event still has this etag; empty: in any case.
};
struct EventOptions {
    enum class Notify : std::uint8_t { nobody, external_guests, all_guests };
    Notify notify = Notify::nobody;  ///< sendUpdates
    bool with_meet = false;          ///< conferenceDataVersion=1; without, a meet_request is ignored by Google.
};

/// Either what changed since `sync_token` (the other fields but `page` are ignored then, as Google demands), or what
/// happens in the span. Recurring events come as their single instances.
struct EventQuery {
    std::string sync_token = {};
    std::optional<TimePoint> from = {};
    std::optional<TimePoint> until = {};
    std::optional<std::pair<std::string, std::string>> private_property = {};
    std::string page = {};
};
struct EventPage {
    std::vector<CalendarEvent> events;
    std::string next_page;
    std::string sync_token;  ///< On the last page.
    std::string time_zone;   ///< The calendar's.
};

struct ChannelRequest {
    std::string id;       ///< Unique among all channels.
    std::string address;  ///< https; Google posts there without a body.
    std::string token;    ///< Comes back in X-Goog-Channel-Token.
    std::chrono::seconds life{std::chrono::days{7}};
};
struct Channel {
    std::string id;
    std::string resource_id;
    TimePoint expires_at{};
};

/// Google Calendar, as the user whom the access token belongs to; "primary" is a calendar id. Errors as
/// google/google_api.h says, and those named here.
class CalendarApi {
  public:
    /// Of one call of free_busy: what is longer, or more, Google may refuse. See google/free_busy.h.
    static constexpr std::chrono::days kLongestFreeBusy{31};
    static constexpr std::size_t kMostFreeBusyCalendars = 50;

    virtual ~CalendarApi() = default;

    virtual Task<Result<CalendarList>> calendars(Secret access_token, std::string page) = 0;
    /// Holds an entry for every calendar asked for.
    virtual Task<Result<BusyTimes>> free_busy(Secret access_token, std::vector<std::string> calendars,
                                              TimeSpan span) = 0;
    /// `conflict` when the id exists already, also of a deleted event: get it and compare.
    virtual Task<Result<CalendarEvent>> insert_event(Secret access_token, std::string calendar, NewEvent event,
                                                     EventOptions options) = 0;
    /// A deleted event may still be there, cancelled.
    virtual Task<Result<CalendarEvent>> get_event(Secret access_token, std::string calendar, std::string event) = 0;
    /// `conflict` when the event has another etag by now.
    virtual Task<Result<CalendarEvent>> patch_event(Secret access_token, std::string calendar, std::string event,
                                                    EventChange change, EventOptions options) = 0;
    /// Done also when it was deleted before.
    virtual Task<Result<void>> delete_event(Secret access_token, std::string calendar, std::string event,
                                            EventOptions::Notify notify) = 0;
    /// `not_found` when the sync token is too old (or the calendar is gone): drop the copy and read anew.
    virtual Task<Result<EventPage>> events(Secret access_token, std::string calendar, EventQuery query) = 0;
    virtual Task<Result<Channel>> watch_events(Secret access_token, std::string calendar, ChannelRequest channel) = 0;
    /// `id` and `resource_id` as watch_events answered.
    virtual Task<Result<void>> stop_channel(Secret access_token, Channel channel) = 0;
    /// IANA name, "Europe/Berlin".
    virtual Task<Result<std::string>> time_zone(Secret access_token) = 0;
};

}  // namespace inboxpro
