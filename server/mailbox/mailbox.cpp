#include "mailbox/mailbox.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

struct MailboxField {
    enum : std::size_t { state, due_at, field_count };
};

constexpr std::size_t kCountedAtOnce = 1'000;

std::int64_t number_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}
TimePoint time_at(const json::object& object, std::string_view key) {
    return from_millis(number_at(object, key));
}
std::uint64_t history_id_at(const json::object& object, std::string_view key) {
    return static_cast<std::uint64_t>(number_at(object, key));
}
std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
const json::object* object_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

json::object body_of(const FollowedMailbox& mailbox) {
    json::object body{{"epoch", mailbox.epoch},
                      {"leased_until", to_millis(mailbox.leased_until)},
                      {"history_id", static_cast<std::int64_t>(mailbox.history_id)},
                      {"looked_at", to_millis(mailbox.looked_at)},
                      {"caught_up_at", to_millis(mailbox.caught_up_at)},
                      {"active_at", to_millis(mailbox.active_at)},
                      {"not_before", to_millis(mailbox.not_before)},
                      {"misses", mailbox.misses},
                      {"resynced_at", to_millis(mailbox.resynced_at)},
                      {"watch_due_at", to_millis(mailbox.watch_due_at)}};
    if (const auto& hint = mailbox.hint)
        body["hint"] = {{"at", to_millis(hint->at)}, {"history_id", static_cast<std::int64_t>(hint->history_id)}};
    if (const auto& resync = mailbox.resync)
        body["resync"] = {{"history_id", static_cast<std::int64_t>(resync->history_id)},
                          {"begun_at", to_millis(resync->begun_at)},
                          {"since", to_millis(resync->since)},
                          {"label", resync->label},
                          {"page", resync->page}};
    if (const auto& watch = mailbox.watch)
        body["watch"] = {{"topic", watch->topic}, {"expires_at", to_millis(watch->expires_at)}};
    return body;
}

Document document_of(const FollowedMailbox& mailbox) {
    std::vector<Value> fields(MailboxField::field_count);
    fields[MailboxField::state] = static_cast<std::int64_t>(mailbox.state);
    fields[MailboxField::due_at] = to_millis(mailbox.due_at);
    return {.id = mailbox.account.raw,
            .account = mailbox.account,
            .version = mailbox.version,
            .fields = std::move(fields),
            .body = body_of(mailbox)};
}

FollowedMailbox mailbox_of(const Document& document) {
    const auto& body = document.body;
    FollowedMailbox mailbox{
        .account = document.account,
        .version = document.version,
        .state = static_cast<FollowedMailbox::State>(std::get<std::int64_t>(document.fields.at(MailboxField::state))),
        .due_at = from_millis(std::get<std::int64_t>(document.fields.at(MailboxField::due_at))),
        .epoch = number_at(body, "epoch"),
        .leased_until = time_at(body, "leased_until"),
        .history_id = history_id_at(body, "history_id"),
        .looked_at = time_at(body, "looked_at"),
        .caught_up_at = time_at(body, "caught_up_at"),
        .active_at = time_at(body, "active_at"),
        .not_before = time_at(body, "not_before"),
        .misses = static_cast<int>(number_at(body, "misses")),
        .resynced_at = time_at(body, "resynced_at"),
        .watch_due_at = time_at(body, "watch_due_at")};
    if (const auto* hint = object_at(body, "hint"))
        mailbox.hint = {.at = time_at(*hint, "at"), .history_id = history_id_at(*hint, "history_id")};
    if (const auto* resync = object_at(body, "resync"))
        mailbox.resync = {.history_id = history_id_at(*resync, "history_id"),
                          .begun_at = time_at(*resync, "begun_at"),
                          .since = time_at(*resync, "since"),
                          .label = static_cast<std::size_t>(number_at(*resync, "label")),
                          .page = text_at(*resync, "page")};
    if (const auto* watch = object_at(body, "watch"))
        mailbox.watch = {.topic = text_at(*watch, "topic"), .expires_at = time_at(*watch, "expires_at")};
    return mailbox;
}

}  // namespace

const Collection kMailboxes{
    .name = "mailboxes",
    .fields = {{"state", FieldKind::integer}, {"due_at", FieldKind::integer}},
    .indexes = {{.name = "by_due", .fields = {"state", "due_at"}}},
};

Task<Result<void>> Mailboxes::add(FollowedMailbox mailbox) {
    co_return co_await documents_.insert(kMailboxes, document_of(mailbox));
}

Task<Result<FollowedMailbox>> Mailboxes::get(AccountId account) {
    co_return mailbox_of(CO_TRY(co_await documents_.get(kMailboxes, account.raw)));
}

Task<Result<std::vector<AccountId>>> Mailboxes::due(TimePoint now, std::size_t limit) {
    std::vector<AccountId> accounts;
    for (const auto state : {FollowedMailbox::State::following, FollowedMailbox::State::parked}) {
        if (accounts.size() == limit) break;
        const auto found =
            CO_TRY(co_await documents_.find_unopened(kMailboxes, {.index = "by_due",
                                                                  .equals = {static_cast<std::int64_t>(state)},
                                                                  .below = to_millis(now) + 1,
                                                                  .limit = limit - accounts.size()}));
        for (const auto& document : found) accounts.push_back(document.account);
    }
    co_return accounts;
}

Task<Result<FollowedMailbox>> Mailboxes::update(FollowedMailbox mailbox) {
    mailbox.version = CO_TRY(co_await documents_.replace(kMailboxes, document_of(mailbox)));
    co_return mailbox;
}

Task<Result<void>> Mailboxes::remove(AccountId account) {
    CO_TRY(co_await documents_.erase(kMailboxes, account.raw));
    co_return Result<void>{};
}

Task<Result<std::size_t>> Mailboxes::count(FollowedMailbox::State state) {
    std::size_t count = 0;
    std::optional<Query::Position> after;
    for (;;) {
        const auto found =
            CO_TRY(co_await documents_.find_unopened(kMailboxes, {.index = "by_due",
                                                                  .equals = {static_cast<std::int64_t>(state)},
                                                                  .limit = kCountedAtOnce,
                                                                  .after = after}));
        count += found.size();
        if (found.size() < kCountedAtOnce) co_return count;
        after = {.value = found.back().fields.at(MailboxField::due_at), .id = found.back().id};
    }
}

}  // namespace inboxpro
