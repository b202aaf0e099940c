#include "outbox/send.h"

#include <boost/json.hpp>

namespace inboxpro {
namespace {

namespace json = boost::json;

struct SendField {
    enum : std::size_t { state, due_at, epoch, waiting, wanted_at, by_wall_time, field_count };
};

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

json::object json_of(const WallTime& wall) {
    return {{"reading", text_of(wall.reading)}, {"zone", wall.zone}};
}

std::optional<WallTime> wall_at(const json::object& object) {
    const auto* wall = object.if_contains("wall");
    if (wall == nullptr || !wall->is_object()) return {};
    const auto reading = reading_from(text_at(wall->get_object(), "reading"));
    if (!reading) return {};
    return WallTime{.reading = *reading, .zone = text_at(wall->get_object(), "zone")};
}

json::object json_of(const Send::PutOff& put_off) {
    json::object body{
        {"because", static_cast<int>(put_off.because)}, {"from", to_millis(put_off.from)}, {"limit", put_off.limit}};
    if (put_off.wall) body["wall"] = json_of(*put_off.wall);
    return body;
}

json::object body_of(const Send& send) {
    json::object body{{"draft_id", send.draft_id}, {"thread_id", send.thread_id},
                      {"marker", send.marker},     {"attempts", send.attempts},
                      {"refusals", send.refusals}, {"wanted_at", to_millis(send.wanted_at)}};
    body["late_after"] = send.late_after.count();
    if (send.wall) body["wall"] = json_of(*send.wall);
    if (send.in_hours) body["in_hours"] = true;
    if (send.changing) body["changing"] = true;
    if (send.place) body["place"] = {send.place->day, send.place->generation, send.uses_place};
    if (send.put_off) body["put_off"] = json_of(*send.put_off);
    if (send.moved_from) body["moved_from"] = to_millis(*send.moved_from);
    if (send.intent)
        body["intent"] = {{"history_id", static_cast<std::int64_t>(send.intent->history_id)},
                          {"at", to_millis(send.intent->at)}};
    if (send.problem)
        body["problem"] = {
            {"code", send.problem->code}, {"message", send.problem->message}, {"what_to_do", send.problem->what_to_do}};
    return body;
}

Document document_of(const Send& send) {
    std::vector<Value> fields(SendField::field_count);
    fields[SendField::state] = static_cast<std::int64_t>(send.state);
    fields[SendField::due_at] = to_millis(send.due_at);
    fields[SendField::epoch] = send.epoch;
    // Empty fields keep what is over out of the indexes that begin with them.
    if (is_waiting(send.state)) {
        fields[SendField::waiting] = std::int64_t{1};
        fields[SendField::wanted_at] = to_millis(send.wanted_at);
        if (send.wall) fields[SendField::by_wall_time] = std::int64_t{1};
    }
    return {.id = send.id.raw,
            .account = send.account,
            .version = send.version,
            .fields = std::move(fields),
            .body = body_of(send)};
}

Send send_of(const Document& document) {
    Send send{.id = MessageId{document.id}, .account = document.account, .version = document.version};
    send.state = static_cast<SendState>(std::get<std::int64_t>(document.fields.at(SendField::state)));
    send.due_at = from_millis(std::get<std::int64_t>(document.fields.at(SendField::due_at)));
    send.epoch = std::get<std::int64_t>(document.fields.at(SendField::epoch));
    send.draft_id = text_at(document.body, "draft_id");
    send.thread_id = text_at(document.body, "thread_id");
    send.marker = text_at(document.body, "marker");
    send.attempts = static_cast<int>(number_at(document.body, "attempts"));
    send.refusals = static_cast<int>(number_at(document.body, "refusals"));
    send.wanted_at = document.body.contains("wanted_at") ? from_millis(number_at(document.body, "wanted_at"))
                                                         : document.id.made_at();
    if (const auto minutes = number_at(document.body, "late_after"); minutes > 0)
        send.late_after = std::chrono::minutes{minutes};
    send.in_hours = document.body.contains("in_hours");
    send.changing = document.body.contains("changing");
    if (const auto* place = document.body.if_contains("place"); place != nullptr && place->is_array()) {
        send.place = Place{.day = place->at(0).as_int64(), .generation = place->at(1).as_int64()};
        send.uses_place = place->at(2).as_bool();
    }
    if (const auto* put_off = document.body.if_contains("put_off"); put_off != nullptr && put_off->is_object())
        send.put_off =
            Send::PutOff{.because = static_cast<Send::PutOff::Because>(number_at(put_off->get_object(), "because")),
                         .from = from_millis(number_at(put_off->get_object(), "from")),
                         .wall = wall_at(put_off->get_object()),
                         .limit = static_cast<int>(number_at(put_off->get_object(), "limit"))};
    if (document.body.contains("moved_from")) send.moved_from = from_millis(number_at(document.body, "moved_from"));
    send.wall = wall_at(document.body);
    if (const auto* intent = document.body.if_contains("intent"); intent != nullptr && intent->is_object())
        send.intent =
            Send::Intent{.history_id = static_cast<std::uint64_t>(number_at(intent->get_object(), "history_id")),
                         .at = from_millis(number_at(intent->get_object(), "at"))};
    if (const auto* problem = document.body.if_contains("problem"); problem != nullptr && problem->is_object())
        send.problem = Send::Problem{.code = text_at(problem->get_object(), "code"),
                                     .message = text_at(problem->get_object(), "message"),
                                     .what_to_do = text_at(problem->get_object(), "what_to_do")};
    return send;
}

std::vector<Send> sends_of(const std::vector<Document>& documents) {
    std::vector<Send> sends;
    sends.reserve(documents.size());
    for (const auto& document : documents) sends.push_back(send_of(document));
    return sends;
}

}  // namespace

const Collection kSends{
    .name = "sends",
    .fields = {{"state", FieldKind::integer},
               {"due_at", FieldKind::integer},
               {"epoch", FieldKind::integer},
               {"waiting", FieldKind::integer},
               {"wanted_at", FieldKind::integer},
               {"by_wall_time", FieldKind::integer}},
    .indexes = {{.name = "by_due", .fields = {"state", "due_at"}},
                {.name = "by_account", .fields = {"account"}},
                {.name = "by_account_state", .fields = {"account", "state"}},
                {.name = "by_account_waiting", .fields = {"account", "waiting", "wanted_at"}},
                {.name = "by_wall_time", .fields = {"by_wall_time"}}},
};

bool is_waiting(SendState state) {
    return state != SendState::sent && state != SendState::cancelled && state != SendState::preparing;
}

std::string_view name_of(SendState state) {
    switch (state) {
        case SendState::undo: return "undo";
        case SendState::scheduled: return "scheduled";
        case SendState::sending: return "sending";
        case SendState::unknown: return "unknown";
        case SendState::sent: return "sent";
        case SendState::cancelled: return "cancelled";
        case SendState::needs_user: return "needs_user";
        case SendState::held: return "scheduled";
        case SendState::preparing: return "preparing";
    }
    return "unknown";
}

Task<Result<Send>> Sends::add(Send send) {
    CO_TRY(co_await documents_.insert(kSends, document_of(send)));
    send.version = 1;
    co_return send;
}

Task<Result<Send>> Sends::get(AccountId account, MessageId id) {
    const auto document = CO_TRY(co_await documents_.get(kSends, id.raw));
    if (document.account != account) co_return fail(ErrorKind::not_found, "no such message");
    co_return send_of(document);
}

Task<Result<std::vector<Send>>> Sends::due(SendState state, TimePoint now, std::size_t limit) {
    const auto documents = CO_TRY(co_await documents_.find(kSends, {.index = "by_due",
                                                                    .equals = {static_cast<std::int64_t>(state)},
                                                                    .below = to_millis(now) + 1,
                                                                    .limit = limit}));
    co_return sends_of(documents);
}

Task<Result<std::optional<TimePoint>>> Sends::next_due(SendState state) {
    const auto first = CO_TRY(co_await documents_.find_unopened(
        kSends,
        {.index = "by_due", .equals = {static_cast<std::int64_t>(state)}, .from = std::int64_t{0}, .limit = 1}));
    if (first.empty()) co_return std::optional<TimePoint>{};
    co_return from_millis(std::get<std::int64_t>(first.front().fields.at(SendField::due_at)));
}

Task<Result<std::vector<Send>>> Sends::waiting(AccountId account, std::size_t limit, std::optional<MessageId> after) {
    std::optional<Query::Position> position;
    if (after) {
        const auto last = CO_TRY(co_await get(account, *after));
        position = Query::Position{.value = to_millis(last.wanted_at), .id = last.id.raw};
    }
    co_return co_await waiting_behind(account, limit, std::move(position));
}

Task<Result<std::vector<Send>>> Sends::waiting_behind(AccountId account, std::size_t limit,
                                                      std::optional<Query::Position> after) {
    Query query{.index = "by_account_waiting", .equals = {Bytes(account.view()), std::int64_t{1}}, .limit = limit};
    query.after = std::move(after);
    co_return sends_of(CO_TRY(co_await documents_.find(kSends, std::move(query))));
}

Task<Result<std::vector<Send>>> Sends::by_wall_time(std::size_t limit, std::optional<MessageId> after) {
    Query query{.index = "by_wall_time", .equals = {std::int64_t{1}}, .limit = limit};
    if (after) query.after = Query::Position{.value = {}, .id = after->raw};
    co_return sends_of(CO_TRY(co_await documents_.find(kSends, std::move(query))));
}

Task<Result<std::vector<Send>>> Sends::in_state(AccountId account, SendState state, std::size_t limit) {
    const auto documents =
        CO_TRY(co_await documents_.find(kSends, {.index = "by_account_state",
                                                 .equals = {Bytes(account.view()), static_cast<std::int64_t>(state)},
                                                 .limit = limit}));
    co_return sends_of(documents);
}

Task<Result<Send>> Sends::update(Send send) {
    send.version = CO_TRY(co_await documents_.replace(kSends, document_of(send)));
    co_return send;
}

Task<Result<void>> Sends::remove(AccountId account, MessageId id) {
    CO_TRY(co_await get(account, id));
    CO_TRY(co_await documents_.erase(kSends, id.raw));
    co_return Result<void>{};
}

}  // namespace inboxpro
