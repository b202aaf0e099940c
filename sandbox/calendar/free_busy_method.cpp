#include <fmt/format.h>

#include "sandbox/calendar/api.h"
#include "sandbox/calendar/free_busy.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

/// Google's limit is not documented; three months failed and 90 days passed.
constexpr std::chrono::hours kLongestRange{91 * 24};
constexpr std::size_t kMostCalendars = 50;

struct Question {
    TimePoint begin, end;
    std::string zone;
    std::size_t most = kMostCalendars;
    std::vector<std::string> ids;
};

std::expected<TimePoint, GoogleError> time_in(const json::object& body, std::string_view name) {
    const auto text = text_in(body, name);
    if (text.empty()) return required(fmt::format("Missing {} parameter.", name));
    const auto time = from_rfc3339(text);
    if (!time) return refusal::bad_request("Bad Request");
    return std::chrono::floor<std::chrono::seconds>(*time);
}

std::expected<Question, GoogleError> read_question(const json::object& body) {
    Question question{.zone = text_in(body, "timeZone")};
    for (const auto& [name, into] : {std::pair{"timeMin", &question.begin}, std::pair{"timeMax", &question.end}}) {
        const auto time = time_in(body, name);
        if (!time) return std::unexpected(time.error());
        *into = *time;
    }
    if (question.end <= question.begin) return time_range_empty();
    if (question.end - question.begin > kLongestRange) return time_range_too_long();
    if (question.zone.empty()) question.zone = "Etc/UTC";
    if (!is_zone(question.zone)) return invalid("Invalid time zone.");
    if (const auto* most = body.if_contains("calendarExpansionMax"); most != nullptr && most->is_int64()) {
        if (most->get_int64() < 1 || most->get_int64() > static_cast<std::int64_t>(kMostCalendars))
            return invalid("Invalid value for: calendarExpansionMax");
        question.most = static_cast<std::size_t>(most->get_int64());
    }
    const auto* items = body.if_contains("items");
    if (items != nullptr && items->is_array())
        for (const auto& item : items->get_array())
            if (item.is_object()) question.ids.push_back(text_in(item.get_object(), "id"));
    return question;
}

json::object failed(std::string_view reason) {
    return {{"errors", json::array{json::object{{"domain", "global"}, {"reason", reason}}}}, {"busy", json::array{}}};
}

json::object answer_for(Calendars& calendars, const Call& call, const Question& question, const std::string& id) {
    const auto answer = calendars.at(call.user, id, Role::free_busy_reader, [&](Desk& desk) -> Answer {
        json::array busy;
        for (const auto& period : busy_times(desk.calendar, question.begin, question.end))
            busy.push_back(json::object{{"start", to_offset_text(period.start, question.zone)},
                                        {"end", to_offset_text(period.end, question.zone)}});
        return json::object{{"busy", std::move(busy)}};
    });
    return answer ? answer->as_object() : failed(answer.error().reason);
}

Answer query(const Call& call, Calendars& calendars) {
    const auto body = read_body(call);
    if (!body) return std::unexpected(body.error());
    const auto question = read_question(*body);
    if (!question) return std::unexpected(question.error());
    json::object found;
    std::size_t count = 0;
    for (const auto& id : question->ids) {
        if (found.contains(id)) continue;
        found[id] =
            ++count > question->most ? failed("tooManyCalendarsRequested") : answer_for(calendars, call, *question, id);
    }
    return json::object{{"kind", "calendar#freeBusy"},
                        {"timeMin", to_rfc3339(question->begin)},
                        {"timeMax", to_rfc3339(question->end)},
                        {"calendars", std::move(found)}};
}

}  // namespace

void add_free_busy_method(Api& api, Calendars& calendars) {
    api.add("calendar.freebusy.query", [&calendars](const Call& call) { return query(call, calendars); });
}

}  // namespace inboxpro::sandbox::calendar
