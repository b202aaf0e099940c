#include "tracking/messages.h"

#include <algorithm>

#include "tracking/body.h"
#include "tracking/events.h"
#include "tracking/mentions.h"
#include "tracking/tally.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

constexpr std::size_t kEraseAtOnce = 1000;
constexpr int kMessageTries = 16;
constexpr std::chrono::seconds kOneViewing{2};
constexpr std::size_t kMostViewings = 500;

json::array json_of(const std::vector<Recipient>& recipients) {
    json::array out;
    for (const auto& recipient : recipients)
        out.push_back(
            {{"address", recipient.address}, {"field", static_cast<int>(recipient.field)}, {"name", recipient.name}});
    return out;
}

Document document_of(const Message& message) {
    json::object body{{"source", static_cast<int>(message.source)},
                      {"state", static_cast<int>(message.state)},
                      {"recipients", json_of(message.recipients)},
                      {"track_opens", message.track.opens},
                      {"track_clicks", message.track.clicks},
                      {"not_tracked_because", message.not_tracked_because},
                      {"links", message.links},
                      {"gmail_message_id", message.gmail_message_id},
                      {"gmail_thread_id", message.gmail_thread_id}};
    if (message.sent_at) body["sent_at"] = to_millis(*message.sent_at);
    if (!message.viewings.empty()) {
        json::array viewings;
        for (const auto at : message.viewings) viewings.emplace_back(to_millis(at));
        body["viewings"] = std::move(viewings);
    }
    return {.id = message.id.raw,
            .account = message.account,
            .version = message.version,
            .fields = {Value{to_millis(message.created_at)},
                       message.gmail_thread_id.empty() ? Value{} : Value{Bytes{message.gmail_thread_id}}},
            .body = std::move(body)};
}

Result<std::vector<Recipient>> recipients_in(const json::object& body) {
    std::vector<Recipient> out;
    for (const auto& item : TRY(array_in(body, "recipients"))) {
        const auto* object = item.if_object();
        if (object == nullptr) return unreadable_body("recipients");
        out.push_back({.address = TRY(text_in(*object, "address")),
                       .field = static_cast<RecipientField>(TRY(number_in(*object, "field"))),
                       .name = TRY(text_in(*object, "name"))});
    }
    return out;
}

Result<Message> message_of(const Document& document) {
    const auto& body = document.body;
    Message message;
    message.id = {document.id};
    message.account = document.account;
    message.version = document.version;
    message.source = static_cast<Message::Source>(TRY(number_in(body, "source")));
    message.state = static_cast<Message::State>(TRY(number_in(body, "state")));
    message.created_at = TRY(time_field(document, 0));
    if (body.contains("sent_at")) message.sent_at = from_millis(TRY(number_in(body, "sent_at")));
    message.recipients = TRY(recipients_in(body));
    message.track = {.opens = TRY(flag_in(body, "track_opens")), .clicks = TRY(flag_in(body, "track_clicks"))};
    message.not_tracked_because = TRY(text_in(body, "not_tracked_because"));
    message.links = static_cast<int>(TRY(number_in(body, "links")));
    message.gmail_message_id = TRY(text_in(body, "gmail_message_id"));
    message.gmail_thread_id = TRY(text_in(body, "gmail_thread_id"));
    if (body.contains("viewings"))
        for (const auto& at : TRY(array_in(body, "viewings"))) {
            if (!at.is_int64()) return unreadable_body("viewings");
            message.viewings.push_back(from_millis(at.get_int64()));
        }
    return message;
}

Result<std::vector<Message>> messages_of(const std::vector<Document>& documents) {
    std::vector<Message> out;
    out.reserve(documents.size());
    for (const auto& document : documents) out.push_back(TRY(message_of(document)));
    return out;
}

Query by_account(AccountId account, Order order, std::size_t limit) {
    return {.index = "by_account", .equals = {Bytes{account.view()}}, .order = order, .limit = limit};
}

Task<Result<void>> erase_events(Documents& documents, MessageId message) {
    const Query query{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = kEraseAtOnce};
    while (CO_TRY(co_await documents.erase(kEvents, query)) > 0) continue;
    co_return Result<void>{};
}

Task<Result<void>> erase_traces(Documents& documents, MessageId message) {
    CO_TRY(co_await erase_events(documents, message));
    CO_TRY(co_await documents.erase(kTallies, message.raw));
    const Query mentions{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = kEraseAtOnce};
    while (CO_TRY(co_await documents.erase(kMentions, mentions)) > 0) continue;
    co_return Result<void>{};
}

}  // namespace

Task<Result<void>> Messages::add(Message message) {
    co_return co_await documents_.insert(kMessages, document_of(message));
}

Task<Result<Message>> Messages::get(AccountId account, MessageId id) {
    const auto document = CO_TRY(co_await documents_.get(kMessages, id.raw));
    if (document.account != account) co_return fail(ErrorKind::not_found, "there is no such message");
    co_return message_of(document);
}

Task<Result<std::vector<Message>>> Messages::list(AccountId account, std::size_t limit,
                                                  std::optional<MessageId> after) {
    auto query = by_account(account, Order::descending, limit);
    if (after) {
        const auto last = CO_TRY(co_await get(account, *after));
        query.after = {.value = to_millis(last.created_at), .id = last.id.raw};
    }
    co_return messages_of(CO_TRY(co_await documents_.find(kMessages, std::move(query))));
}

Task<Result<std::vector<Message>>> Messages::created_between(AccountId account, TimePoint from, TimePoint below,
                                                             std::size_t limit, std::optional<MessageId> after) {
    auto query = by_account(account, Order::ascending, limit);
    query.from = to_millis(from);
    query.below = to_millis(below);
    if (after) {
        const auto last = CO_TRY(co_await get(account, *after));
        query.after = {.value = to_millis(last.created_at), .id = last.id.raw};
    }
    co_return messages_of(CO_TRY(co_await documents_.find(kMessages, std::move(query))));
}

Task<Result<std::vector<Message>>> Messages::of_thread(AccountId account, std::string gmail_thread_id) {
    auto found = CO_TRY(messages_of(
        CO_TRY(co_await documents_.find(kMessages, {.index = "by_thread",
                                                    .equals = {Bytes{account.view()}, std::move(gmail_thread_id)},
                                                    .order = Order::descending}))));
    std::erase_if(found, [](const Message& message) { return message.state != Message::State::sent; });
    co_return found;
}

Task<Result<Message>> Messages::change(AccountId account, MessageId id, std::function<void(Message&)> change) {
    for (int tries = 0; tries < kMessageTries; ++tries) {
        auto message = CO_TRY(co_await get(account, id));
        change(message);
        const auto version = co_await documents_.replace(kMessages, document_of(message));
        if (version) {
            message.version = *version;
            co_return message;
        }
        if (version.error().kind != ErrorKind::conflict) co_return std::unexpected(version.error());
    }
    co_return fail(ErrorKind::conflict, "the message is being changed by others all the time");
}

Task<Result<Message>> Messages::mark_sent(AccountId account, MessageId id, std::string gmail_message_id,
                                          std::string gmail_thread_id, TimePoint sent_at) {
    co_return co_await change(account, id, [&](Message& message) {
        message.state = Message::State::sent;
        message.sent_at = sent_at;
        message.gmail_message_id = gmail_message_id;
        message.gmail_thread_id = gmail_thread_id;
    });
}

Task<Result<Message>> Messages::rewrite(Message rewritten) {
    co_return co_await change(rewritten.account, rewritten.id, [&](Message& message) {
        message.recipients = rewritten.recipients;
        message.track = rewritten.track;
        message.links = rewritten.links;
        message.not_tracked_because = rewritten.not_tracked_because;
    });
}

Task<Result<void>> Messages::note_viewing(AccountId account, MessageId id, TimePoint at) {
    const auto before = CO_TRY(co_await get(account, id));
    if (!before.viewings.empty() && at - before.viewings.back() < kOneViewing) co_return Result<void>{};
    CO_TRY(co_await change(account, id, [at](Message& message) {
        auto& viewings = message.viewings;
        viewings.insert(std::ranges::upper_bound(viewings, at), at);
        if (viewings.size() > kMostViewings) viewings.erase(viewings.begin());
    }));
    co_return Result<void>{};
}

Task<Result<void>> Messages::forget_recipient(AccountId account, MessageId id, std::uint16_t recipient) {
    CO_TRY(co_await change(account, id, [recipient](Message& message) {
        if (recipient < message.recipients.size())
            message.recipients[recipient] = {.address = {}, .field = message.recipients[recipient].field};
    }));
    co_return Result<void>{};
}

Task<Result<void>> Messages::discard(AccountId account, MessageId id) {
    CO_TRY(co_await get(account, id));
    CO_TRY(co_await erase_traces(documents_, id));
    CO_TRY(co_await documents_.erase(kMessages, id.raw));
    // What the intake stored in between, before it could see that the message is gone.
    co_return co_await erase_traces(documents_, id);
}

}  // namespace inboxpro
