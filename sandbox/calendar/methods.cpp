#include "sandbox/calendar/methods.h"

#include <array>

namespace inboxpro::sandbox::calendar {
namespace {

using enum http::Method;

// Groups of methods with the same scopes, as calendar.v3.json lists them; a test compares.
constexpr std::string_view kListing = "calendar calendar.calendarlist calendar.calendarlist.readonly calendar.readonly";
constexpr std::string_view kListed =
    "calendar calendar.app.created calendar.calendarlist calendar.calendarlist.readonly calendar.readonly";
constexpr std::string_view kStopping =
    "calendar calendar.acls calendar.acls.readonly calendar.app.created calendar.calendarlist "
    "calendar.calendarlist.readonly calendar.events calendar.events.freebusy calendar.events.owned "
    "calendar.events.owned.readonly calendar.events.public.readonly calendar.events.readonly calendar.readonly "
    "calendar.settings.readonly";
constexpr std::string_view kReading =
    "calendar calendar.app.created calendar.events calendar.events.freebusy calendar.events.owned "
    "calendar.events.owned.readonly calendar.events.public.readonly calendar.events.readonly calendar.readonly";
constexpr std::string_view kWriting = "calendar calendar.app.created calendar.events calendar.events.owned";
constexpr std::string_view kFreeBusy = "calendar calendar.events.freebusy calendar.freebusy calendar.readonly";
constexpr std::string_view kSettings = "calendar calendar.readonly calendar.settings.readonly";

constexpr auto kMethods = std::to_array<ApiMethod>({
    {"calendar.calendarList.get", get, "/calendar/v3/users/me/calendarList/{calendarId}", false, kListed},
    {"calendar.calendarList.list", get, "/calendar/v3/users/me/calendarList", false, kListing},
    {"calendar.channels.stop", post, "/calendar/v3/channels/stop", false, kStopping},
    {"calendar.events.delete", del, "/calendar/v3/calendars/{calendarId}/events/{eventId}", false, kWriting},
    {"calendar.events.get", get, "/calendar/v3/calendars/{calendarId}/events/{eventId}", false, kReading},
    {"calendar.events.insert", post, "/calendar/v3/calendars/{calendarId}/events", false, kWriting},
    {"calendar.events.instances", get, "/calendar/v3/calendars/{calendarId}/events/{eventId}/instances", false,
     kReading},
    {"calendar.events.list", get, "/calendar/v3/calendars/{calendarId}/events", false, kReading},
    {"calendar.events.patch", patch, "/calendar/v3/calendars/{calendarId}/events/{eventId}", false, kWriting},
    {"calendar.events.update", put, "/calendar/v3/calendars/{calendarId}/events/{eventId}", false, kWriting},
    {"calendar.events.watch", post, "/calendar/v3/calendars/{calendarId}/events/watch", false, kReading},
    {"calendar.freebusy.query", post, "/calendar/v3/freeBusy", false, kFreeBusy},
    {"calendar.settings.get", get, "/calendar/v3/users/me/settings/{setting}", false, kSettings},
    {"calendar.settings.list", get, "/calendar/v3/users/me/settings", false, kSettings},
});

}  // namespace

std::span<const ApiMethod> methods() {
    return kMethods;
}

}  // namespace inboxpro::sandbox::calendar
