#include <fmt/format.h>

#include <array>

#include "http/server/text.h"
#include "sandbox/calendar/ical.h"
#include "sandbox/calendar/invitation.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

void add(const Component& to, icalproperty* property) {
    icalcomponent_add_property(to.get(), property);
}

void add_parameter(icalproperty* to, icalparameter* parameter) {
    icalproperty_add_parameter(to, parameter);
}

/// The rules of an IANA zone under its plain name; null for one that libical has no file of.
Component zone_component(const std::string& zone) {
    auto* known = icaltimezone_get_builtin_timezone(zone.c_str());
    auto* component = known == nullptr ? nullptr : icaltimezone_get_component(known);
    if (component == nullptr) return nullptr;
    Component copy(icalcomponent_new_clone(component));
    if (auto* id = icalcomponent_get_first_property(copy.get(), ICAL_TZID_PROPERTY); id != nullptr)
        icalproperty_set_tzid(id, zone.c_str());
    return copy;
}

/// A series keeps to the clocks of its zone; any other event is an instant.
void add_time(const Component& to, const EventTime& time, bool in_zone, icalproperty* (*make)(icaltimetype)) {
    if (time.all_day) return add(to, make(to_ical(time.day, true)));
    if (!in_zone) return add(to, make(to_ical_utc(time.at)));
    auto* property = make(to_ical(wall_of(time), false));
    add_parameter(property, icalparameter_new_tzid(time.zone.c_str()));
    add(to, property);
}

icalparameter_partstat to_partstat(std::string_view status) {
    if (status == "accepted") return ICAL_PARTSTAT_ACCEPTED;
    if (status == "declined") return ICAL_PARTSTAT_DECLINED;
    if (status == "tentative") return ICAL_PARTSTAT_TENTATIVE;
    return ICAL_PARTSTAT_NEEDSACTION;
}

void add_attendee(const Component& to, const Attendee& attendee) {
    auto* property = icalproperty_new_attendee(("mailto:" + attendee.email).c_str());
    add_parameter(property,
                  icalparameter_new_cutype(attendee.resource ? ICAL_CUTYPE_RESOURCE : ICAL_CUTYPE_INDIVIDUAL));
    add_parameter(property,
                  icalparameter_new_role(attendee.optional ? ICAL_ROLE_OPTPARTICIPANT : ICAL_ROLE_REQPARTICIPANT));
    add_parameter(property, icalparameter_new_partstat(to_partstat(attendee.response_status)));
    add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
    const auto& name = attendee.display_name.empty() ? attendee.email : attendee.display_name;
    add_parameter(property, icalparameter_new_cn(name.c_str()));
    add(to, property);
}

void add_people(const Component& to, const Letter& letter) {
    const auto& organizer = letter.event.organizer;
    auto* property = icalproperty_new_organizer(("mailto:" + organizer.email).c_str());
    const auto& name = organizer.display_name.empty() ? organizer.email : organizer.display_name;
    add_parameter(property, icalparameter_new_cn(name.c_str()));
    add(to, property);
    if (letter.method == Letter::Method::reply) return add_attendee(to, letter.attendee);
    for (const auto& attendee : letter.event.body.attendees)
        if (letter.method == Letter::Method::request || http::same_ignoring_case(attendee.email, letter.to))
            add_attendee(to, attendee);
}

void add_words(const Component& to, const Event& event) {
    constexpr std::array<std::pair<std::string_view, icalproperty* (*)(const char*)>, 3> kWords = {
        {{"summary", icalproperty_new_summary},
         {"description", icalproperty_new_description},
         {"location", icalproperty_new_location}}};
    for (const auto& [name, make] : kWords)
        if (const auto text = text_in(event.body.kept, name); !text.empty()) add(to, make(text.c_str()));
    if (!event.conference) return;
    const auto* entries = event.conference->data.if_contains("entryPoints");
    if (entries == nullptr || !entries->is_array() || entries->get_array().empty()) return;
    auto* property = icalproperty_new_x(text_in(entries->get_array().front().as_object(), "uri").c_str());
    icalproperty_set_x_name(property, "X-GOOGLE-CONFERENCE");
    add(to, property);
}

void add_recurrence(const Component& to, const Event& event) {
    for (const auto& line : event.body.recurrence) add(to, icalproperty_new_from_string(line.c_str()));
    if (event.original_start) add_time(to, *event.original_start, false, icalproperty_new_recurrenceid);
}

Component event_component(const Letter& letter, TimePoint now) {
    const auto& event = letter.event;
    Component component(icalcomponent_new_vevent());
    add_time(component, event.body.start, event.is_series(), icalproperty_new_dtstart);
    add_time(component, event.body.end, event.is_series() && !event.body.end.zone.empty(), icalproperty_new_dtend);
    add_recurrence(component, event);
    add(component, icalproperty_new_dtstamp(to_ical_utc(now)));
    add(component, icalproperty_new_uid(event.ical_uid.c_str()));
    add_people(component, letter);
    add(component, icalproperty_new_created(to_ical_utc(event.created)));
    add(component, icalproperty_new_lastmodified(to_ical_utc(event.updated)));
    add(component, icalproperty_new_sequence(event.body.sequence));
    add(component, icalproperty_new_status(letter.method == Letter::Method::cancel ? ICAL_STATUS_CANCELLED
                                           : event.body.status == "tentative"      ? ICAL_STATUS_TENTATIVE
                                                                                   : ICAL_STATUS_CONFIRMED));
    add_words(component, event);
    const bool is_free = text_in(event.body.kept, "transparency") == "transparent";
    add(component, icalproperty_new_transp(is_free ? ICAL_TRANSP_TRANSPARENT : ICAL_TRANSP_OPAQUE));
    return component;
}

icalproperty_method to_method(Letter::Method method) {
    using enum Letter::Method;
    return method == request ? ICAL_METHOD_REQUEST : method == cancel ? ICAL_METHOD_CANCEL : ICAL_METHOD_REPLY;
}

}  // namespace

std::string to_icalendar(const Letter& letter, TimePoint now) {
    Component calendar(icalcomponent_new_vcalendar());
    add(calendar, icalproperty_new_prodid("-//Google Inc//Google Calendar 70.9054//EN"));
    add(calendar, icalproperty_new_version("2.0"));
    add(calendar, icalproperty_new_calscale("GREGORIAN"));
    add(calendar, icalproperty_new_method(to_method(letter.method)));
    std::set<std::string> zones;
    if (letter.event.is_series() && !letter.event.body.start.all_day)
        zones = {letter.event.body.start.zone, letter.event.body.end.zone};
    for (const auto& zone : zones)
        if (auto component = zone_component(zone)) icalcomponent_add_component(calendar.get(), component.release());
    icalcomponent_add_component(calendar.get(), event_component(letter, now).release());
    const std::unique_ptr<char, FreedBy<icalmemory_free_buffer>> text(icalcomponent_as_ical_string_r(calendar.get()));
    return text.get();
}

}  // namespace inboxpro::sandbox::calendar
