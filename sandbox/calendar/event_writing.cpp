#include "sandbox/calendar/event_writing.h"

#include "http/server/text.h"
#include "sandbox/calendar/conference.h"
#include "sandbox/calendar/event_body.h"
#include "sandbox/calendar/recurrence.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::string_view kIdLetters = "0123456789abcdefghijklmnopqrstuv";
constexpr std::size_t kIdLength = 26;

using Check = std::expected<void, GoogleError>;

bool same_times(const EventBody& a, const EventBody& b) {
    return a.start == b.start && a.end == b.end && a.recurrence == b.recurrence;
}

Check check_match(const Event& event, const Writing& writing) {
    if (writing.if_match.empty() || writing.if_match == "*" || writing.if_match == etag_of(event.stamp)) return {};
    return condition_not_met();
}

/// Invitations are counted before anything happens.
Check take_invitations(Desk& desk, const Event& event, SendUpdates updates) {
    const auto count = std::ranges::count_if(event.body.attendees, [&](const Attendee& attendee) {
        return !http::same_ignoring_case(attendee.email, desk.user.address);
    });
    if (updates != SendUpdates::none && !desk.all.take_invitations(desk.user, static_cast<int>(count)))
        return quota_exceeded();
    return {};
}

/// Whether a guest changed no more than the own answer and the own members.
bool is_own_business(const Calendar& calendar, const Event& before, const Event& after) {
    auto theirs = before.body, own = after.body;
    own.sequence = theirs.sequence;
    const auto without_self = [&](EventBody& body) {
        std::erase_if(body.attendees,
                      [&](const Attendee& attendee) { return http::same_ignoring_case(attendee.email, calendar.id); });
    };
    const bool is_there = attendee_of(after, calendar.id) != nullptr;
    without_self(theirs);
    without_self(own);
    return is_there == (attendee_of(before, calendar.id) != nullptr) && same_for_all(theirs, own) &&
           before.conference == after.conference;
}

bool flag_of(const Event& event, std::string_view name, bool standard) {
    const auto* flag = event.body.kept.if_contains(name);
    return flag != nullptr && flag->is_bool() ? flag->get_bool() : standard;
}

/// Whether nothing is new but more guests.
bool only_invites(const Event& before, Event after) {
    std::erase_if(after.body.attendees,
                  [&](const Attendee& attendee) { return attendee_of(before, attendee.email) == nullptr; });
    return same_for_all(before.body, after.body) && before.conference == after.conference;
}

/// What the organizer lets a guest do: by Google's defaults invite others, and no more.
bool guest_may(const Calendar& calendar, const Event& before, const Event& after) {
    return is_own_business(calendar, before, after) || flag_of(before, "guestsCanModify", false) ||
           (flag_of(before, "guestsCanInviteOthers", true) && only_invites(before, after));
}

/// The mail about the series says it all.
void cancel_exception(Desk& desk, Event exception) {
    if (exception.is_cancelled()) return;
    const auto before = exception;
    exception.body.status = "cancelled";
    const auto& kept = desk.put(desk.calendar, std::move(exception));
    tell_guests(desk, desk.calendar, &before, kept, SendUpdates::none);
}

/// Instances that the new rules no longer know are gone, however they were changed.
void drop_lost_exceptions(Desk& desk, const Event& series) {
    for (auto& exception : desk.calendar.exceptions_of(series.id)) {
        const auto at = instant_of(*exception.original_start, "Etc/UTC");
        const bool known =
            series.is_series() &&
            !occurrences(series.body.start, series.body.recurrence, at, at + std::chrono::seconds{1}, 1).empty();
        if (!known) cancel_exception(desk, std::move(exception));
    }
}

Written next_state(const Event& before, const json::object& body, const Writing& writing) {
    auto wanted = writing.replaces ? body : merged(to_json(before.body), body);
    if (!wanted.contains("sequence")) wanted["sequence"] = before.body.sequence;
    auto read = read_event_body(wanted);
    if (!read) return std::unexpected(std::move(read).error());
    if (read->sequence < before.body.sequence)
        return invalid(
            "Invalid sequence value. The specified sequence number is below the current sequence number of the "
            "resource. Re-fetch the resource and use its sequence number on the following request.");
    auto after = before;
    after.body = std::move(*read);
    if (!before.series_id.empty()) after.body.recurrence.clear();
    if (!same_times(before.body, after.body))
        after.body.sequence = std::max(after.body.sequence, before.body.sequence + 1);
    if (writing.with_conference) {
        auto conference = next_conference(before.conference, body, writing.replaces);
        if (!conference) return std::unexpected(std::move(conference).error());
        after.conference = std::move(*conference);
    }
    return after;
}

/// Keeps the new state and brings it to everybody.
Event keep(Desk& desk, const Event& before, Event after, SendUpdates updates) {
    const bool own_business = is_own_business(desk.calendar, before, after);
    auto kept = desk.put(desk.calendar, std::move(after));
    if (kept.conference && kept.conference->pending) desk.all.expect_conference(desk.calendar, kept);
    if (!is_organizer(desk.calendar, kept)) {
        tell_organizer(desk, kept, !own_business, updates);
        return kept;
    }
    tell_guests(desk, desk.calendar, &before, kept, updates);
    if (!same_times(before.body, kept.body)) drop_lost_exceptions(desk, kept);
    return kept;
}

Event new_event(Desk& desk, std::string id, const json::object& body) {
    const auto& calendar = desk.calendar;
    auto uid = text_in(body, "iCalUID");
    Event event{.id = std::move(id),
                .creator = {.email = desk.user.address, .display_name = {}},
                .organizer = {.email = calendar.id, .display_name = calendar.is_primary ? "" : calendar.summary},
                .created = std::chrono::floor<std::chrono::seconds>(desk.all.now())};
    event.ical_uid = uid.empty() ? event.id + "@google.com" : std::move(uid);
    return event;
}

}  // namespace

Written insert_event(Desk& desk, const json::object& body, const Writing& writing) {
    auto id = text_in(body, "id");
    if (!id.empty() && !is_event_id(id)) return invalid("Invalid resource id value.");
    auto read = read_event_body(body);
    if (!read) return std::unexpected(std::move(read).error());
    if (read->status == "cancelled") return invalid("Invalid value for: status");
    if (desk.calendar.stored(id) != nullptr) return duplicate();
    if (id.empty()) id = desk.all.random_id(kIdLength, kIdLetters);
    auto event = new_event(desk, std::move(id), body);
    event.body = std::move(*read);
    if (writing.with_conference) {
        auto conference = next_conference({}, body, true);
        if (!conference) return std::unexpected(std::move(conference).error());
        event.conference = std::move(*conference);
    }
    if (auto check = take_invitations(desk, event, writing.updates); !check) return std::unexpected(check.error());
    auto kept = desk.put(desk.calendar, std::move(event));
    if (kept.conference && kept.conference->pending) desk.all.expect_conference(desk.calendar, kept);
    tell_guests(desk, desk.calendar, nullptr, kept, writing.updates);
    return kept;
}

Written change_event(Desk& desk, std::string_view id, const json::object& body, const Writing& writing) {
    const auto before = desk.calendar.find(id);
    if (!before) return not_found();
    if (before->is_cancelled()) return forbidden();
    if (auto check = check_match(*before, writing); !check) return std::unexpected(check.error());
    auto after = next_state(*before, body, writing);
    if (!after) return std::unexpected(std::move(after).error());
    if (after->is_cancelled()) return delete_event(desk, id, writing);
    if (!is_organizer(desk.calendar, *before) && !guest_may(desk.calendar, *before, *after))
        return forbidden_for_non_organizer();
    if (after->body == before->body && after->conference == before->conference) return *before;
    if (auto check = take_invitations(desk, *after, writing.updates); !check) return std::unexpected(check.error());
    return keep(desk, *before, std::move(*after), writing.updates);
}

Written delete_event(Desk& desk, std::string_view id, const Writing& writing) {
    const auto before = desk.calendar.find(id);
    if (!before) return not_found();
    if (before->is_cancelled()) return deleted();
    if (auto check = check_match(*before, writing); !check) return std::unexpected(check.error());
    auto after = *before;
    after.body.status = "cancelled";
    if (!is_organizer(desk.calendar, after)) {
        if (auto* own = attendee_of(after, desk.calendar.id)) own->response_status = "declined";
        auto kept = desk.put(desk.calendar, std::move(after));
        tell_organizer(desk, kept, false, writing.updates);
        return kept;
    }
    ++after.body.sequence;
    for (auto& exception : desk.calendar.exceptions_of(before->id)) cancel_exception(desk, std::move(exception));
    auto kept = desk.put(desk.calendar, std::move(after));
    tell_guests(desk, desk.calendar, &*before, kept, writing.updates);
    return kept;
}

}  // namespace inboxpro::sandbox::calendar
