#include "sandbox/calendar/guests.h"

#include "http/server/text.h"
#include "sandbox/calendar/conference.h"
#include "sandbox/calendar/event_body.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

/// The user whom an attendee's address belongs to, unless it is an alias.
User* guest_at(Desk& desk, std::string_view address) {
    auto* user = desk.all.users().find(address);
    return user != nullptr && http::same_ignoring_case(user->address, address) ? user : nullptr;
}

/// Members of one copy; the properties that are its own count as one of them.
json::object private_part(const json::object& kept) {
    json::object part;
    for (const auto& [name, value] : kept)
        if (is_private_member(name)) part[name] = value;
    const auto* properties = object_in(kept, "extendedProperties");
    if (properties != nullptr && properties->contains("private")) part["extendedProperties"] = *properties;
    return part;
}

json::object shared_part(const json::object& kept) {
    json::object part;
    for (const auto& [name, value] : kept)
        if (!is_private_member(name)) part[name] = value;
    if (auto* properties = part.if_contains("extendedProperties")) {
        properties->as_object().erase("private");
        if (properties->as_object().empty()) part.erase("extendedProperties");
    }
    return part;
}

/// What all copies share, with the private members of the copy that is there already. A new copy begins with the
/// organizer's transparency and visibility.
json::object members_for(const Event* existing, const json::object& original) {
    auto members = shared_part(original);
    const auto own = existing != nullptr ? private_part(existing->body.kept) : private_part(original);
    for (const auto& [name, value] : own) {
        if (name == "extendedProperties") {
            if (existing == nullptr) continue;
            if (!members.contains(name)) members[name] = json::object{};
            members[name].as_object()["private"] = value.at("private");
        } else if (existing != nullptr || name == "transparency" || name == "visibility") {
            members[name] = value;
        }
    }
    return members;
}

void bring_copy(Desk& desk, Calendar& theirs, const Event& original) {
    const auto* existing = theirs.stored(original.id);
    if (existing != nullptr && existing->ical_uid != original.ical_uid) return;
    if (existing == nullptr && original.is_cancelled() && theirs.stored(original.series_id) == nullptr) return;
    if (existing != nullptr && existing->is_cancelled()) {
        const auto* guest = attendee_of(original, theirs.id);
        if (guest == nullptr || guest->response_status == "declined") return;
    }
    auto copy = original;
    copy.body.kept = members_for(existing, original.body.kept);
    if (existing != nullptr && existing->body == copy.body && existing->conference == copy.conference) return;
    desk.put(theirs, std::move(copy));
}

void take_away(Desk& desk, Calendar& theirs, const Event& original) {
    const auto found = theirs.find(original.id);
    if (!found || found->is_cancelled() || found->ical_uid != original.ical_uid) return;
    auto copy = *found;
    copy.body.status = "cancelled";
    desk.put(theirs, std::move(copy));
}

void write(Desk& desk, const Calendar& calendar, Letter::Method method, const Event& event, const std::string& to,
           bool is_update, SendUpdates updates) {
    auto* user = desk.all.users().find(to);
    if (updates == SendUpdates::none || (updates == SendUpdates::external_only && user != nullptr)) return;
    const auto& zone = user == nullptr ? calendar.time_zone : desk.all.primary_of(*user).time_zone;
    desk.letters.push_back({.method = method, .event = event, .zone = zone, .to = to, .is_update = is_update});
}

bool is_host(const Calendar& calendar, const Attendee& attendee) {
    return http::same_ignoring_case(attendee.email, calendar.id) ||
           http::same_ignoring_case(attendee.email, calendar.owner.address);
}

Calendar* calendar_of(Desk& desk, const Calendar& organizers, const Attendee& attendee) {
    auto* user = guest_at(desk, attendee.email);
    auto* theirs = user == nullptr ? nullptr : &desk.all.primary_of(*user);
    return theirs == &organizers ? nullptr : theirs;
}

}  // namespace

bool same_for_all(const EventBody& a, const EventBody& b) {
    auto left = a, right = b;
    left.kept = shared_part(a.kept);
    right.kept = shared_part(b.kept);
    return left == right;
}

bool is_organizer(const Calendar& calendar, const Event& event) {
    return http::same_ignoring_case(calendar.id, event.organizer.email);
}

void tell_guests(Desk& desk, const Calendar& calendar, const Event* before, const Event& after, SendUpdates updates) {
    const bool tells_news = before == nullptr || !same_for_all(before->body, after.body);
    const auto method = after.is_cancelled() ? Letter::Method::cancel : Letter::Method::request;
    for (const auto& attendee : after.body.attendees) {
        if (auto* theirs = calendar_of(desk, calendar, attendee)) {
            const bool is_new = theirs->stored(after.id) == nullptr;
            bring_copy(desk, *theirs, after);
            if (is_new && after.is_series())
                for (const auto& exception : calendar.exceptions_of(after.id)) bring_copy(desk, *theirs, exception);
        }
        const bool knew = before != nullptr && attendee_of(*before, attendee.email) != nullptr;
        if (tells_news && !is_host(calendar, attendee))
            write(desk, calendar, method, after, attendee.email, knew, updates);
    }
    if (before == nullptr) return;
    for (const auto& attendee : before->body.attendees) {
        if (attendee_of(after, attendee.email) != nullptr) continue;
        if (auto* theirs = calendar_of(desk, calendar, attendee)) take_away(desk, *theirs, after);
        if (!is_host(calendar, attendee))
            write(desk, calendar, Letter::Method::cancel, *before, attendee.email, true, updates);
    }
}

void tell_organizer(Desk& desk, const Event& copy, bool whole, SendUpdates updates) {
    auto* calendar = desk.all.find(copy.organizer.email);
    const auto* own = attendee_of(copy, desk.calendar.id);
    const auto before = calendar == nullptr ? std::nullopt : calendar->find(copy.id);
    if (!before || own == nullptr) return;
    auto after = *before;
    if (whole) {
        after.body = copy.body;
        after.body.kept = members_for(&*before, copy.body.kept);
    } else if (auto* entry = attendee_of(after, desk.calendar.id)) {
        *entry = *own;
    }
    if (after.body == before->body) return;
    const auto& kept = desk.put(*calendar, after);
    tell_guests(desk, *calendar, &*before, kept, whole ? updates : SendUpdates::none);
    if (whole || own->response_status == "needsAction") return;
    write(desk, *calendar, Letter::Method::reply, kept, copy.organizer.email, false, updates);
    if (!desk.letters.empty() && desk.letters.back().method == Letter::Method::reply)
        desk.letters.back().attendee = *own;
}

void finish_conferences(Desk& desk) {
    for (const auto& [calendar_id, event_id] : desk.all.take_expected_conferences()) {
        auto* calendar = desk.all.find(calendar_id);
        const auto* stored = calendar == nullptr ? nullptr : calendar->stored(event_id);
        if (stored == nullptr || !stored->conference || !stored->conference->pending) continue;
        const auto before = *stored;
        auto after = before;
        after.conference = finished(*before.conference, [&](std::size_t length) {
            return desk.all.random_id(length, "abcdefghijkmnopqrstuvwxyz");
        });
        const auto& kept = desk.put(*calendar, std::move(after));
        if (is_organizer(*calendar, kept)) tell_guests(desk, *calendar, &before, kept, SendUpdates::none);
    }
}

}  // namespace inboxpro::sandbox::calendar
