#include "http/api/message_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "http/api/message_json.h"
#include "http/api/submission_json.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

template <class Tag>
Result<std::optional<Id<Tag>>> position(const Page& page) {
    if (page.after.empty()) return std::optional<Id<Tag>>{};
    auto id = Id<Tag>::parse(page.after);
    if (!id) return fail_field("after", "after must be an id from an earlier list");
    return std::optional<Id<Tag>>{*id};
}

/// The mail that takes another's place; empty when the body says nothing of it.
Result<std::optional<Submission>> rewritten_in(const json::object& body, const Zones& zones) {
    const JsonInput input(body);
    TRY(input.only({"from", "to", "cc", "bcc", "subject", "html", "text", "attachments", "raw", "track", "send_at",
                    "time_zone", "in_hours"}));
    const bool has_mail = std::ranges::any_of(body, [](const auto& member) {
        return member.key() != "send_at" && member.key() != "time_zone" && member.key() != "in_hours";
    });
    if (!has_mail) return std::optional<Submission>{};
    constexpr auto* kWhole =
        "InboxPro keeps nothing of what a mail says, so a change holds the whole mail; {} is missing";
    if (!input.has("raw"))
        for (const auto* name : {"to", "subject"})
            if (!input.has(name)) return fail_field(name, fmt::format(fmt::runtime(kWhole), name));
    if (!input.has("raw") && !input.has("html") && !input.has("text"))
        return fail_field("html", fmt::format(fmt::runtime(kWhole), "html or text"));
    return TRY(submission_from(body, zones));
}

Response list_response(json::array items, bool more, const std::string& last_id) {
    json::object out{{"items", std::move(items)}};
    if (more) out["next"] = last_id;
    return json_response(200, out);
}

}  // namespace

void MessageRoutes::add_to(Router& router, Gate& gate) {
    const auto route = [&](Method method, std::string_view path, std::string_view scope, auto member) {
        router.add(method, path, gate.guard(scope, guarded(this, member)));
    };
    route(Method::post, "/api/v1/messages", "messages:write", &MessageRoutes::create);
    route(Method::get, "/api/v1/messages", "messages:read", &MessageRoutes::list);
    route(Method::get, "/api/v1/messages/{id}", "messages:read", &MessageRoutes::show);
    route(Method::patch, "/api/v1/messages/{id}", "messages:write", &MessageRoutes::change);
    route(Method::get, "/api/v1/messages/{id}/attempts", "messages:read", &MessageRoutes::attempts);
    route(Method::get, "/api/v1/messages/{id}/events", "messages:read", &MessageRoutes::events);
    route(Method::get, "/api/v1/messages/{id}/subject", "messages:read", &MessageRoutes::subject);
    route(Method::post, "/api/v1/messages/{id}/cancel", "messages:write", &MessageRoutes::cancel);
    route(Method::post, "/api/v1/messages/{id}/send-now", "messages:write", &MessageRoutes::send_now);
}

Answer MessageRoutes::create(Request request, Caller caller) {
    const auto account = caller.account;
    Idempotency::Making making{
        .make = [this, caller](Request first,
                               RawId id) { return answered(submit(std::move(first), caller, MessageId{id})); },
        .made = [this, account](RawId id) { return taken(account, MessageId{id}); }};
    co_return co_await idempotency_.once(account, std::move(request), std::move(making));
}

Task<std::optional<Response>> MessageRoutes::taken(AccountId account, MessageId id) {
    const auto send = co_await outbox_.get(account, id);
    if (!send || send->state == SendState::preparing) co_return std::nullopt;
    const auto message = co_await messages_.get(account, id);
    if (!message) co_return std::nullopt;
    co_return json_response(202, submitted_json(*message, *send));
}

Answer MessageRoutes::submit(Request request, Caller caller, MessageId id) {
    auto submission = CO_TRY(submission_from(CO_TRY(json_body(request)), zones_));
    submission.id = id;
    const auto submitted = CO_TRY(co_await outbox_.submit(caller.account, std::move(submission)));
    co_return json_response(202, submitted_json(submitted.message, submitted.send));
}

Task<Result<json::object>> MessageRoutes::shown(Message message) {
    std::optional<Send> send;
    if (message.source == Message::Source::outbox) {
        auto found = co_await outbox_.get(message.account, message.id);
        if (found) send = std::move(*found);
    }
    co_return co_await shown(std::move(message), std::move(send));
}

Task<Result<json::object>> MessageRoutes::shown(Message message, std::optional<Send> send) {
    CO_TRY(co_await objections_.catch_up());
    const auto tally = CO_TRY(co_await tallies_.get(message.account, message.id));
    co_return message_json(message, send, tally, objections_.silence(message));
}

Answer MessageRoutes::list(Request request, Caller caller) {
    const auto page = CO_TRY(page_of(request));
    const auto waiting = request.query_value("waiting");
    if (waiting && *waiting != "true") co_return fail_field("waiting", "waiting can only be true");
    if (waiting) co_return co_await list_waiting(page, caller.account);
    const auto after = CO_TRY(position<struct MessageTag>(page));
    const auto messages = CO_TRY(co_await messages_.list(caller.account, page.limit + 1, after));
    json::array items;
    for (std::size_t i = 0; i < std::min(messages.size(), page.limit); ++i)
        items.push_back(CO_TRY(co_await shown(messages[i])));
    const bool more = messages.size() > page.limit;
    co_return list_response(std::move(items), more, more ? messages[page.limit - 1].id.text() : "");
}

Answer MessageRoutes::list_waiting(Page page, AccountId account) {
    const auto after = CO_TRY(position<struct MessageTag>(page));
    const auto sends = CO_TRY(co_await outbox_.waiting(account, page.limit + 1, after));
    json::array items;
    for (std::size_t i = 0; i < std::min(sends.size(), page.limit); ++i) {
        auto message = co_await messages_.get(account, sends[i].id);
        if (!message && message.error().kind == ErrorKind::unavailable) co_return std::unexpected(message.error());
        if (!message) continue;
        items.push_back(CO_TRY(co_await shown(std::move(*message), sends[i])));
    }
    const bool more = sends.size() > page.limit;
    co_return list_response(std::move(items), more, more ? sends[page.limit - 1].id.text() : "");
}

Answer MessageRoutes::change(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    CO_TRY(co_await messages_.get(caller.account, id));
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    const auto rewritten = CO_TRY(rewritten_in(body, zones_));
    const bool is_moved = input.has("send_at");
    if (!rewritten && !is_moved) co_return fail_field("send_at", "send_at is missing");
    const auto timing = CO_TRY(timing_from(input, zones_));
    std::optional<Submitted> changed;
    if (rewritten) changed = CO_TRY(co_await outbox_.change(caller.account, id, *rewritten));
    if (is_moved) changed = CO_TRY(co_await outbox_.reschedule(caller.account, id, timing));
    co_return json_response(200, submitted_json(changed->message, changed->send));
}

Answer MessageRoutes::attempts(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    CO_TRY(co_await messages_.get(caller.account, id));
    json::array items;
    for (const auto& entry : CO_TRY(co_await outbox_.history(caller.account, id))) items.push_back(ledger_json(entry));
    co_return json_response(200, json::object{{"items", std::move(items)}});
}

Answer MessageRoutes::show(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    co_return json_response(200, CO_TRY(co_await shown(CO_TRY(co_await messages_.get(caller.account, id)))));
}

Answer MessageRoutes::events(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    const auto page = CO_TRY(page_of(request, 1'000));
    const auto after = CO_TRY(position<struct EventTag>(page));
    const auto events = CO_TRY(co_await events_.of_message(caller.account, id, page.limit + 1, after));
    json::array items;
    for (std::size_t i = 0; i < std::min(events.size(), page.limit); ++i) items.push_back(event_json(events[i]));
    const bool more = events.size() > page.limit;
    co_return list_response(std::move(items), more, more ? events[page.limit - 1].event.id.text() : "");
}

Answer MessageRoutes::subject(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    const auto message = CO_TRY(co_await messages_.get(caller.account, id));
    if (message.gmail_message_id.empty()) co_return fail(ErrorKind::conflict, "this mail is not sent yet");
    const auto found = CO_TRY(co_await google_.repeatable_as<GmailMessage>(
        caller.account, method::kGetMessage, [this, gmail_id = message.gmail_message_id](Secret token) {
            return google_.api().message_metadata(std::move(token), gmail_id, {"Subject"});
        }));
    std::string subject;
    for (const auto& [name, value] : found.headers)
        if (boost::iequals(name, "Subject")) subject = value;
    auto response = json_response(200, json::object{{"subject", subject}});
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

Answer MessageRoutes::cancel(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    const auto cancelled = CO_TRY(co_await outbox_.cancel(caller.account, id));
    co_return json_response(200, submitted_json(cancelled.message, cancelled.send));
}

Answer MessageRoutes::send_now(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    const auto sent = CO_TRY(co_await outbox_.send_now(caller.account, id));
    co_return json_response(200, submitted_json(sent.message, sent.send));
}

}  // namespace inboxpro::http
