#include "sandbox/calendar/resource.h"

#include "base/bytes.h"
#include "http/server/text.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

json::object to_json(const Party& party, const View& view) {
    json::object resource{{"email", party.email}};
    if (!party.display_name.empty()) resource["displayName"] = party.display_name;
    if (http::same_ignoring_case(party.email, view.calendar.id)) resource["self"] = true;
    return resource;
}

json::object to_json(const Attendee& attendee, const Event& event, const View& view) {
    json::object resource{{"email", attendee.email}, {"responseStatus", attendee.response_status}};
    if (!attendee.display_name.empty()) resource["displayName"] = attendee.display_name;
    if (!attendee.comment.empty()) resource["comment"] = attendee.comment;
    if (attendee.additional_guests != 0) resource["additionalGuests"] = attendee.additional_guests;
    if (attendee.optional) resource["optional"] = true;
    if (attendee.resource) resource["resource"] = true;
    if (http::same_ignoring_case(attendee.email, event.organizer.email)) resource["organizer"] = true;
    if (http::same_ignoring_case(attendee.email, view.calendar.id)) resource["self"] = true;
    return resource;
}

void add_attendees(json::object& resource, const Event& event, const View& view) {
    const auto& attendees = event.body.attendees;
    if (attendees.empty()) return;
    json::array list;
    const bool all = attendees.size() <= view.max_attendees;
    for (const auto& attendee : attendees)
        if (all || http::same_ignoring_case(attendee.email, view.calendar.id))
            list.push_back(to_json(attendee, event, view));
    resource["attendees"] = std::move(list);
    if (!all) resource["attendeesOmitted"] = true;
}

void add_conference(json::object& resource, const Conference& conference) {
    resource["conferenceData"] = conference.data;
    const auto* entries = conference.data.if_contains("entryPoints");
    const auto* solution = object_in(conference.data, "conferenceSolution");
    const auto* key = solution == nullptr ? nullptr : object_in(*solution, "key");
    if (entries == nullptr || !entries->is_array() || key == nullptr || text_in(*key, "type") != "hangoutsMeet") return;
    for (const auto& entry : entries->get_array())
        if (entry.is_object() && text_in(entry.get_object(), "entryPointType") == "video")
            resource["hangoutLink"] = text_in(entry.get_object(), "uri");
}

bool is_hidden(const Event& event, const View& view) {
    const auto visibility = text_in(event.body.kept, "visibility");
    return view.role == Role::free_busy_reader ||
           (view.role == Role::reader && (visibility == "private" || visibility == "confidential"));
}

void add_details(json::object& resource, const Event& event, const View& view) {
    for (const auto& [name, value] : event.body.kept) resource[name] = value;
    resource["creator"] = to_json(event.creator, view);
    resource["organizer"] = to_json(event.organizer, view);
    add_attendees(resource, event, view);
    if (event.conference) add_conference(resource, *event.conference);
    if (!resource.contains("reminders")) resource["reminders"] = json::object{{"useDefault", true}};
}

}  // namespace

json::object stub_of(const Event& event, const View& view) {
    json::object resource{
        {"kind", "calendar#event"}, {"etag", etag_of(event.stamp)}, {"id", event.id}, {"status", event.body.status}};
    if (event.original_start) {
        resource["recurringEventId"] = event.series_id;
        resource["originalStartTime"] = to_json(*event.original_start, view.zone, view.calendar.time_zone);
    }
    return resource;
}

json::object resource_of(const Event& event, const View& view) {
    auto resource = stub_of(event, view);
    resource["htmlLink"] = "https://www.google.com/calendar/event?eid=" + base64url(event.id + " " + view.calendar.id);
    resource["created"] = to_rfc3339(event.created);
    resource["updated"] = to_rfc3339(event.updated);
    resource["start"] = to_json(event.body.start, view.zone, view.calendar.time_zone);
    resource["end"] = to_json(event.body.end, view.zone, view.calendar.time_zone);
    if (event.is_series())
        resource["recurrence"] = json::array(event.body.recurrence.begin(), event.body.recurrence.end());
    resource["iCalUID"] = event.ical_uid;
    resource["sequence"] = event.body.sequence;
    resource["eventType"] = "default";
    if (is_hidden(event, view))
        resource["visibility"] = "private";
    else
        add_details(resource, event, view);
    return resource;
}

}  // namespace inboxpro::sandbox::calendar
