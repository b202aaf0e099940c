#include "outbox/send.h"

#include <boost/json.hpp>

namespace inboxpro {
namespace {

namespace json = boost::json;

enum SendField : std::size_t { kState, kDueAt, kEpoch, kFieldCount };

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

json::object body_of(const Send& send) {
    json::object body{{"draft_id", send.draft_id}, {"thread_id", send.thread_id},
                      {"marker", send.marker},     {"attempts", send.attempts},
                      {"refusals", send.refusals}, {"wanted_at", to_millis(send.wanted_at)}};
    if (send.intent)
        body["intent"] = {{"history_id", static_cast<std::int64_t>(send.intent->history_id)},
                          {"at", to_millis(send.intent->at)}};
    if (send.problem)
        body["problem"] = {
            {"code", send.problem->code}, {"message", send.problem->message}, {"what_to_do", send.problem->what_to_do}};
    return body;
}

Document document_of(const Send& send) {
    std::vector<Value> fields(kFieldCount);
    fields[kState] = static_cast<std::int64_t>(send.state);
    fields[kDueAt] = to_millis(send.due_at);
    fields[kEpoch] = send.epoch;
    return {.id = send.id.raw,
            .account = send.account,
            .version = send.version,
            .fields = std::move(fields),
            .body = body_of(send)};
}

Send send_of(const Document& document) {
    Send send{.id = MessageId{document.id}, .account = document.account, .version = document.version};
    send.state = static_cast<SendState>(std::get<std::int64_t>(document.fields.at(kState)));
    send.due_at = from_millis(std::get<std::int64_t>(document.fields.at(kDueAt)));
    send.epoch = std::get<std::int64_t>(document.fields.at(kEpoch));
    send.draft_id = text_at(document.body, "draft_id");
    send.thread_id = text_at(document.body, "thread_id");
    send.marker = text_at(document.body, "marker");
    send.attempts = static_cast<int>(number_at(document.body, "attempts"));
    send.refusals = static_cast<int>(number_at(document.body, "refusals"));
    send.wanted_at = document.body.contains("wanted_at") ? from_millis(number_at(document.body, "wanted_at"))
                                                         : document.id.made_at();
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

}  // namespace

const Collection kSends{
    .name = "sends",
    .fields = {{"state", FieldKind::integer}, {"due_at", FieldKind::integer}, {"epoch", FieldKind::integer}},
    .indexes = {{.name = "by_due", .fields = {"state", "due_at"}},
                {.name = "by_account", .fields = {"account"}},
                {.name = "by_account_state", .fields = {"account", "state"}}},
};

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
    std::vector<Send> sends;
    for (const auto& document : documents) sends.push_back(send_of(document));
    co_return sends;
}

Task<Result<std::vector<Send>>> Sends::in_state(AccountId account, SendState state, std::size_t limit) {
    const auto documents =
        CO_TRY(co_await documents_.find(kSends, {.index = "by_account_state",
                                                 .equals = {Bytes(account.view()), static_cast<std::int64_t>(state)},
                                                 .limit = limit}));
    std::vector<Send> sends;
    for (const auto& document : documents) sends.push_back(send_of(document));
    co_return sends;
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
