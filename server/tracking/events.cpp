#include "tracking/events.h"

#include "tracking/event_record.h"
#include "tracking/messages.h"

namespace inboxpro {
namespace {

constexpr std::size_t kEventsPage = 500;
/// Longer than anybody who is there takes to judge an event again.
constexpr std::chrono::minutes kLately{1};

Result<std::vector<JudgedEvent>> judged_events_of(const std::vector<Document>& documents) {
    std::vector<JudgedEvent> out;
    out.reserve(documents.size());
    for (const auto& document : documents) out.push_back(TRY(judged_event_of(document)));
    return out;
}

/// Where the listing goes on. An event that is gone, or is another account's, is `not_found`.
Task<Result<Query::Position>> behind(Documents& documents, AccountId account, EventId id) {
    const auto last = CO_TRY(co_await documents.get(kEvents, id.raw));
    if (last.account != account) co_return fail(ErrorKind::not_found, "there is no such event");
    const auto judged = CO_TRY(judged_event_of(last));
    co_return Query::Position{.value = to_millis(judged.event.at), .id = id.raw};
}

}  // namespace

Task<Result<std::vector<JudgedEvent>>> Events::of_message(AccountId account, MessageId message, std::size_t limit,
                                                          std::optional<EventId> after) {
    const auto owner = CO_TRY(co_await documents_.get(kMessages, message.raw));
    if (owner.account != account) co_return fail(ErrorKind::not_found, "there is no such message");
    Query query{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = limit};
    if (after) query.after = CO_TRY(co_await behind(documents_, account, *after));
    co_return judged_events_of(CO_TRY(co_await documents_.find(kEvents, std::move(query))));
}

Task<Result<std::vector<JudgedEvent>>> Events::latest(AccountId account, std::size_t limit,
                                                      std::optional<EventId> after) {
    Query query{.index = "by_account", .equals = {Bytes{account.view()}}, .order = Order::descending, .limit = limit};
    if (after) query.after = CO_TRY(co_await behind(documents_, account, *after));
    co_return judged_events_of(CO_TRY(co_await documents_.find(kEvents, std::move(query))));
}

Task<Result<void>> Events::erase_of_recipient(AccountId account, MessageId message, std::uint16_t recipient) {
    std::optional<EventId> last;
    for (;;) {
        const auto page = CO_TRY(co_await of_message(account, message, kEventsPage, last));
        std::vector<EventId> theirs;
        for (const auto& [event, verdict] : page) {
            if (event.recipient.value_or(recipient) == recipient)
                theirs.push_back(event.id);
            else
                last = event.id;
        }
        for (const auto event : theirs) CO_TRY(co_await documents_.erase(kEvents, event.raw));
        if (page.size() < kEventsPage) co_return Result<void>{};
    }
}

Task<Result<std::set<MessageId>>> Events::lately_seen(AccountId account) {
    std::set<MessageId> messages;
    std::optional<TimePoint> newest;
    Query query{
        .index = "by_account", .equals = {Bytes{account.view()}}, .order = Order::descending, .limit = kEventsPage};
    for (;;) {
        const auto page = CO_TRY(co_await documents_.find_unopened(kEvents, query));
        for (const auto& document : page) {
            const auto at = CO_TRY(time_of(document));
            if (!newest) newest = at;
            if (*newest - at > kLately) co_return messages;
            messages.insert(CO_TRY(message_of_event(document)));
        }
        if (page.size() < kEventsPage) co_return messages;
        query.after = Query::Position{.value = to_millis(CO_TRY(time_of(page.back()))), .id = page.back().id};
    }
}

}  // namespace inboxpro
