#include <fmt/format.h>

#include "sandbox/calendar/api.h"
#include "sandbox/calendar/event_writing.h"
#include "sandbox/calendar/refusals.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

using WriteEvent = Written (*)(Desk&, std::string_view id, const json::object&, const Writing&);

/// sendUpdates, or what stood for it before: sendNotifications.
std::expected<SendUpdates, GoogleError> updates_of(const Call& call) {
    const auto text = call.query("sendUpdates");
    if (text.empty()) return is_true(call, "sendNotifications") ? SendUpdates::all : SendUpdates::none;
    if (text == "all") return SendUpdates::all;
    if (text == "externalOnly") return SendUpdates::external_only;
    if (text == "none") return SendUpdates::none;
    return invalid_parameter(
        "sendUpdates", fmt::format("Invalid string value: '{}'. Allowed values: [all, externalOnly, none]", text));
}

std::expected<Writing, GoogleError> writing_of(const Call& call) {
    const auto updates = updates_of(call);
    if (!updates) return std::unexpected(updates.error());
    const auto version = call.query("conferenceDataVersion");
    if (!version.empty() && version != "0" && version != "1")
        return invalid_parameter("conferenceDataVersion",
                                 fmt::format("Invalid value '{}'. Values must be within the range: [0, 1]", version));
    return Writing{.updates = *updates,
                   .with_conference = version == "1",
                   .if_match = std::string(call.request.headers.get("If-Match")),
                   .replaces = call.request.method == http::Method::put};
}

Answer get_event(const Call& call, Calendars& calendars) {
    return calendars.at(call.user, call.path_value(0), Role::free_busy_reader, [&](Desk& desk) -> Answer {
        finish_conferences(desk);
        const auto view = view_of(call, desk);
        if (!view) return std::unexpected(view.error());
        const auto event = desk.calendar.find(call.path_value(1));
        if (!event) return not_found();
        return resource_of(*event, *view);
    });
}

Answer write(const Call& call, Calendars& calendars, WriteEvent write_event) {
    const auto body = read_body(call);
    if (!body) return std::unexpected(body.error());
    const auto writing = writing_of(call);
    if (!writing) return std::unexpected(writing.error());
    return calendars.at(call.user, call.path_value(0), Role::writer, [&](Desk& desk) -> Answer {
        const auto view = view_of(call, desk);
        if (!view) return std::unexpected(view.error());
        const auto id = call.request.path_values.size() > 1 ? call.path_value(1) : std::string{};
        const auto event = write_event(desk, id, *body, *writing);
        if (!event) return std::unexpected(event.error());
        return resource_of(*event, *view);
    });
}

Answer erase_event(const Call& call, Calendars& calendars) {
    const auto writing = writing_of(call);
    if (!writing) return std::unexpected(writing.error());
    return calendars.at(call.user, call.path_value(0), Role::writer, [&](Desk& desk) -> Answer {
        const auto event = delete_event(desk, call.path_value(1), *writing);
        if (!event) return std::unexpected(event.error());
        return nullptr;
    });
}

}  // namespace

void add_event_methods(Api& api, Calendars& calendars) {
    const auto writes = [&](std::string_view id, WriteEvent write_event) {
        api.add(id, [&calendars, write_event](const Call& call) { return write(call, calendars, write_event); });
    };
    writes("calendar.events.insert", [](Desk& desk, std::string_view, const json::object& body,
                                        const Writing& writing) { return insert_event(desk, body, writing); });
    writes("calendar.events.patch", change_event);
    writes("calendar.events.update", change_event);
    api.add("calendar.events.get", [&calendars](const Call& call) { return get_event(call, calendars); });
    api.add("calendar.events.delete", [&calendars](const Call& call) { return erase_event(call, calendars); });
}

}  // namespace inboxpro::sandbox::calendar
