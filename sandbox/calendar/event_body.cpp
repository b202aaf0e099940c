#include "sandbox/calendar/event_body.h"

#include <fmt/format.h>

#include <array>

#include "sandbox/calendar/recurrence.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestKey = 44;
constexpr std::size_t kLongestValue = 1024;
constexpr std::size_t kMostProperties = 300;
constexpr std::size_t kMostReminders = 5;
constexpr std::int64_t kMostMinutes = 40'320;

using Check = std::expected<void, GoogleError>;

enum class Kind { text, flag, object, choice };
struct Member {
    std::string_view name;
    Kind kind;
    bool is_private = false;        ///< Belongs to the one copy.
    std::string_view choices = {};  ///< Of a choice, between spaces; the first is the default and is left out.
};
constexpr auto kMembers = std::to_array<Member>({
    {"summary", Kind::text},
    {"description", Kind::text},
    {"location", Kind::text},
    {"colorId", Kind::choice, true, " - 1 2 3 4 5 6 7 8 9 10 11 "},
    {"transparency", Kind::choice, true, " opaque transparent "},
    {"visibility", Kind::choice, true, " default public private confidential "},
    {"anyoneCanAddSelf", Kind::flag},
    {"guestsCanInviteOthers", Kind::flag},
    {"guestsCanModify", Kind::flag},
    {"guestsCanSeeOtherGuests", Kind::flag},
    {"reminders", Kind::object, true},
    {"extendedProperties", Kind::object},
    {"source", Kind::object},
});

Check keep_choice(const Member& member, const std::string& text, json::object& kept) {
    const auto at =
        text.empty() || text.contains(' ') ? std::string_view::npos : member.choices.find(fmt::format(" {} ", text));
    if (at == std::string_view::npos) return invalid(fmt::format("Invalid value for: {}", member.name));
    if (at != 0) kept[member.name] = text;
    return {};
}

Check check_reminders(const json::object& reminders) {
    const auto* overrides = reminders.if_contains("overrides");
    const auto* standard = reminders.if_contains("useDefault");
    if (overrides == nullptr || !overrides->is_array()) return {};
    const auto& list = overrides->get_array();
    if (standard != nullptr && standard->is_bool() && standard->get_bool() && !list.empty())
        return invalid("Cannot specify both default reminders and overrides at the same time.");
    if (list.size() > kMostReminders) return invalid("Too many reminders.");
    for (const auto& entry : list) {
        const auto* reminder = entry.if_object();
        const auto* minutes = reminder == nullptr ? nullptr : reminder->if_contains("minutes");
        if (minutes == nullptr || !minutes->is_int64()) return required("Missing reminder minutes.");
        const auto method = text_in(*reminder, "method");
        if (method != "email" && method != "popup") return invalid("Invalid reminder method.");
        if (minutes->get_int64() < 0 || minutes->get_int64() > kMostMinutes)
            return invalid("Invalid reminder minutes.");
    }
    return {};
}

/// As much of UTF-8 text as lies within so many bytes and ends with a whole character.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return text.substr(0, most);
}

std::expected<json::object, GoogleError> read_properties(const json::object& given) {
    json::object all;
    for (const char* kind : {"private", "shared"}) {
        const auto* list = object_in(given, kind);
        if (list == nullptr) continue;
        json::object properties;
        for (const auto& [key, value] : *list) {
            if (!value.is_string()) return invalid(fmt::format("Invalid value for: {}", std::string_view(key)));
            if (key.size() <= kLongestKey) properties[key] = cut(std::string_view(value.get_string()), kLongestValue);
        }
        if (properties.size() > kMostProperties) return invalid("Too many extended properties.");
        if (!properties.empty()) all[kind] = std::move(properties);
    }
    return all;
}

Check keep_object(const Member& member, const json::object& given, json::object& kept) {
    if (member.name == "reminders") {
        if (auto check = check_reminders(given); !check) return check;
        kept[member.name] = given;
    } else if (member.name == "extendedProperties") {
        auto properties = read_properties(given);
        if (!properties) return std::unexpected(std::move(properties).error());
        if (!properties->empty()) kept[member.name] = std::move(*properties);
    } else {
        if (const auto url = text_in(given, "url"); !url.starts_with("https://") && !url.starts_with("http://"))
            return invalid("Invalid source url.");
        kept[member.name] = json::object{{"title", text_in(given, "title")}, {"url", text_in(given, "url")}};
    }
    return {};
}

Check keep(const Member& member, const json::value& value, json::object& kept) {
    const bool fits = member.kind == Kind::flag     ? value.is_bool()
                      : member.kind == Kind::object ? value.is_object()
                                                    : value.is_string();
    if (!fits) return invalid(fmt::format("Invalid value for: {}", member.name));
    if (member.kind == Kind::choice) return keep_choice(member, std::string(value.get_string()), kept);
    if (member.kind == Kind::object) return keep_object(member, value.get_object(), kept);
    if (!value.is_string() || !value.get_string().empty()) kept[member.name] = value;
    return {};
}

std::expected<Attendee, GoogleError> read_attendee(const json::value& value) {
    if (!value.is_object()) return invalid("Invalid attendee.");
    const auto& given = value.get_object();
    Attendee attendee{.email = text_in(given, "email"),
                      .display_name = text_in(given, "displayName"),
                      .comment = text_in(given, "comment")};
    if (attendee.email.empty()) return required("Missing attendee email.");
    if (!is_address(attendee.email)) return invalid("Invalid attendee email.");
    if (const auto status = text_in(given, "responseStatus"); !status.empty()) {
        if (status != "needsAction" && status != "declined" && status != "tentative" && status != "accepted")
            return invalid("Invalid attendee response status.");
        attendee.response_status = status;
    }
    const auto flag = [&](std::string_view name) {
        const auto* set = given.if_contains(name);
        return set != nullptr && set->is_bool() && set->get_bool();
    };
    attendee.optional = flag("optional");
    attendee.resource = flag("resource");
    if (const auto* guests = given.if_contains("additionalGuests"); guests != nullptr && guests->is_int64())
        attendee.additional_guests = static_cast<int>(std::clamp<std::int64_t>(guests->get_int64(), 0, 1'000));
    return attendee;
}

Check read_attendees(const json::object& body, EventBody& into) {
    const auto* list = body.if_contains("attendees");
    if (list == nullptr || list->is_null()) return {};
    if (!list->is_array()) return invalid("Invalid attendees.");
    for (const auto& entry : list->get_array()) {
        auto attendee = read_attendee(entry);
        if (!attendee) return std::unexpected(std::move(attendee).error());
        into.attendees.push_back(std::move(*attendee));
    }
    return {};
}

Check read_times(const json::object& body, EventBody& into) {
    auto start = read_event_time(body, "start");
    if (!start) return std::unexpected(std::move(start).error());
    auto end = read_event_time(body, "end");
    if (!end) return std::unexpected(std::move(end).error());
    into.start = std::move(*start);
    into.end = std::move(*end);
    if (into.start.all_day != into.end.all_day)
        return invalid("Start and end times must either both be date or both be dateTime.");
    if (into.start.all_day ? into.end.day <= into.start.day : into.end.at < into.start.at) return time_range_empty();
    return {};
}

Check read_recurrence(const json::object& body, EventBody& into) {
    into.recurrence = texts_in(body, "recurrence");
    if (into.recurrence.empty()) return {};
    if (!into.start.all_day && into.start.zone.empty()) return required("Missing time zone definition for start time.");
    if (!is_recurrence(into.recurrence, into.start)) return invalid("Invalid recurrence rule.");
    return {};
}

Check read_state(const json::object& body, EventBody& into) {
    if (const auto status = text_in(body, "status"); !status.empty()) into.status = status;
    if (into.status != "confirmed" && into.status != "tentative" && into.status != "cancelled")
        return invalid("Invalid value for: status");
    if (const auto kind = text_in(body, "eventType"); !kind.empty() && kind != "default")
        return invalid("This event type is not supported.");
    const auto* sequence = body.if_contains("sequence");
    if (sequence == nullptr || sequence->is_null()) return {};
    if (!sequence->is_int64() || sequence->get_int64() < 0 || sequence->get_int64() > INT32_MAX)
        return invalid("Invalid sequence value.");
    into.sequence = static_cast<int>(sequence->get_int64());
    return {};
}

Check read_kept(const json::object& body, EventBody& into) {
    for (const auto& member : kMembers)
        if (const auto* value = body.if_contains(member.name); value != nullptr && !value->is_null())
            if (auto check = keep(member, *value, into.kept); !check) return check;
    return {};
}

json::object to_json(const EventTime& time) {
    json::object text{{"timeZone", time.zone}};
    if (time.all_day)
        text["date"] = to_date_text(time.day);
    else
        text["dateTime"] = to_rfc3339(time.at);
    return text;
}

json::object to_json(const Attendee& attendee) {
    return {{"email", attendee.email},
            {"displayName", attendee.display_name},
            {"responseStatus", attendee.response_status},
            {"comment", attendee.comment},
            {"additionalGuests", attendee.additional_guests},
            {"optional", attendee.optional},
            {"resource", attendee.resource}};
}

}  // namespace

bool is_private_member(std::string_view name) {
    const auto* member = std::ranges::find(kMembers, name, &Member::name);
    return member != kMembers.end() && member->is_private;
}

std::expected<EventBody, GoogleError> read_event_body(const json::object& body) {
    EventBody read;
    for (const auto part : {read_times, read_recurrence, read_attendees, read_state, read_kept})
        if (auto check = part(body, read); !check) return std::unexpected(std::move(check).error());
    return read;
}

json::object to_json(const EventBody& body) {
    auto text = body.kept;
    text["start"] = to_json(body.start);
    text["end"] = to_json(body.end);
    text["status"] = body.status;
    text["sequence"] = body.sequence;
    json::array attendees, recurrence;
    for (const auto& attendee : body.attendees) attendees.push_back(to_json(attendee));
    for (const auto& line : body.recurrence) recurrence.emplace_back(line);
    text["attendees"] = std::move(attendees);
    text["recurrence"] = std::move(recurrence);
    return text;
}

json::object merged(json::object target, const json::object& patch) {
    for (const auto& [name, value] : patch) {
        if (value.is_null()) {
            target.erase(name);
        } else if (value.is_object()) {
            const auto* before = object_in(target, name);
            target[name] = merged(before == nullptr ? json::object{} : *before, value.get_object());
        } else {
            target[name] = value;
        }
    }
    return target;
}

bool is_event_id(std::string_view id) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'v') || (c >= '0' && c <= '9'); };
    return id.size() >= 5 && id.size() <= 1024 && std::ranges::all_of(id, fits);
}

}  // namespace inboxpro::sandbox::calendar
