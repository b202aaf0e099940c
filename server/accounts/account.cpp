#include "accounts/account.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

struct AccountField {
    enum : std::size_t { subject, email, state, grant_ends_at, reads_mail };
};

constexpr std::size_t kWalkedAtOnce = 200;
constexpr std::size_t kHealthPage = 500;

json::object sending_json(const SendingRules& rules) {
    json::array hours;
    for (const auto& each : rules.hours) hours.push_back({each.weekdays, each.from, each.until});
    json::object body{{"time_zone", rules.time_zone}, {"hours", std::move(hours)}};
    if (rules.daily_limit) body["daily_limit"] = *rules.daily_limit;
    if (rules.generation != 0) body["generation"] = rules.generation;
    return body;
}

SendingRules sending_from(const json::object& body) {
    SendingRules rules{.time_zone = std::string(body.at("time_zone").as_string())};
    for (const auto& each : body.at("hours").as_array())
        rules.hours.push_back({.weekdays = each.at(0).to_number<std::uint8_t>(),
                               .from = each.at(1).to_number<int>(),
                               .until = each.at(2).to_number<int>()});
    if (const auto* limit = body.if_contains("daily_limit")) rules.daily_limit = limit->to_number<int>();
    if (const auto* generation = body.if_contains("generation")) rules.generation = generation->as_int64();
    return rules;
}

json::object body_of(const Account& account) {
    json::object body{{"email", account.email},
                      {"name", account.name},
                      {"google_subject", account.google_subject},
                      {"tracking_mode", static_cast<int>(account.tracking_mode)},
                      {"notice_version", account.notice_version},
                      {"scopes", json::array(account.scopes.begin(), account.scopes.end())},
                      {"created_at", to_millis(account.created_at)}};
    if (account.notice_accepted_at) body["notice_accepted_at"] = to_millis(*account.notice_accepted_at);
    if (account.refresh_token) body["refresh_token"] = account.refresh_token->reveal();
    body["undo_seconds"] = account.undo.count();
    body["late_after_minutes"] = account.late_after.count();
    body["shows_opt_out"] = account.shows_opt_out;
    body["sending"] = sending_json(account.sending);
    return body;
}

std::string text_in(const json::object& body, std::string_view name) {
    return std::string(body.at(name).as_string());
}

Account::State state_of(const Document& document) {
    return static_cast<Account::State>(std::get<std::int64_t>(document.fields.at(AccountField::state)));
}

Account account_from(const Document& document) {
    const auto& body = document.body;
    Account account{.id = document.account,
                    .version = document.version,
                    .state = state_of(document),
                    .email = text_in(body, "email"),
                    .name = text_in(body, "name"),
                    .google_subject = text_in(body, "google_subject"),
                    .tracking_mode = static_cast<TrackingMode>(body.at("tracking_mode").as_int64()),
                    .notice_version = text_in(body, "notice_version"),
                    .notice_accepted_at = {},
                    .scopes = {},
                    .refresh_token = {},
                    .grant_ends_at = {},
                    .created_at = from_millis(body.at("created_at").as_int64())};
    if (const auto* undo = body.if_contains("undo_seconds")) account.undo = std::chrono::seconds{undo->as_int64()};
    if (const auto* late = body.if_contains("late_after_minutes"))
        account.late_after = std::chrono::minutes{late->as_int64()};
    if (const auto* shows = body.if_contains("shows_opt_out")) account.shows_opt_out = shows->as_bool();
    if (const auto* sending = body.if_contains("sending")) account.sending = sending_from(sending->as_object());
    for (const auto& scope : body.at("scopes").as_array()) account.scopes.emplace(scope.as_string());
    if (const auto* accepted = body.if_contains("notice_accepted_at"))
        account.notice_accepted_at = from_millis(accepted->as_int64());
    if (const auto* token = body.if_contains("refresh_token")) account.refresh_token.emplace(Bytes(token->as_string()));
    if (const auto* ends = std::get_if<std::int64_t>(&document.fields.at(AccountField::grant_ends_at)))
        account.grant_ends_at = from_millis(*ends);
    return account;
}

Result<Account> only_one(const std::vector<Document>& documents) {
    if (documents.empty()) return fail(ErrorKind::not_found, "There is no such account.");
    return account_from(documents.front());
}

}  // namespace

const Collection kAccounts{.name = "accounts",
                           .fields = {{"subject", FieldKind::bytes},
                                      {"email", FieldKind::bytes},
                                      {"state", FieldKind::integer},
                                      {"grant_ends_at", FieldKind::integer},
                                      {"reads_mail", FieldKind::integer}},
                           .indexes = {{.name = "by_subject", .fields = {"subject"}, .unique = true},
                                       {.name = "by_email", .fields = {"email"}, .unique = true}}};

std::string_view name_of(Account::State state) {
    switch (state) {
        case Account::State::active: return "active";
        case Account::State::reconnect_needed: return "reconnect_needed";
        case Account::State::disconnected: break;
    }
    return "disconnected";
}

// An account that is not linked yet has no subject; its own id keeps the index unique.
Document Accounts::document_of(const Account& account) const {
    const auto subject = account.google_subject.empty() ? index_.global("unlinked_account", account.id.view())
                                                        : index_.global("google_subject", account.google_subject);
    return {.id = account.id.raw,
            .account = account.id,
            .version = account.version,
            .fields = {subject, index_.global("email", normalised_address(account.email)),
                       static_cast<std::int64_t>(account.state),
                       account.grant_ends_at ? Value{to_millis(*account.grant_ends_at)} : Value{},
                       std::int64_t{is_open(method::kReadMessage, account.scopes)}},
            .body = body_of(account)};
}

Task<Result<Account>> Accounts::create(Account account) {
    account.created_at = clock_.now();
    account.id = AccountId::make(account.created_at, random_);
    CO_TRY(co_await keys_.create(account.id));
    const auto inserted = co_await documents_.insert(kAccounts, document_of(account));
    if (!inserted) {
        co_await keys_.destroy(account.id);
        co_return std::unexpected(inserted.error());
    }
    account.version = 1;
    co_return account;
}

Task<Result<Account>> Accounts::get(AccountId id) {
    co_return account_from(CO_TRY(co_await documents_.get(kAccounts, id.raw)));
}

Task<Result<Account>> Accounts::by_subject(std::string google_subject) {
    co_return only_one(CO_TRY(co_await documents_.find(
        kAccounts, {.index = "by_subject", .equals = {index_.global("google_subject", google_subject)}, .limit = 1})));
}

Task<Result<Account>> Accounts::by_email(std::string email) {
    co_return only_one(CO_TRY(co_await documents_.find(
        kAccounts, {.index = "by_email", .equals = {index_.global("email", normalised_address(email))}, .limit = 1})));
}

Task<Result<AccountsHealth>> Accounts::health() {
    AccountsHealth health;
    Query query{.index = "by_email", .equals = {}, .limit = kHealthPage};
    for (;;) {
        const auto documents = CO_TRY(co_await documents_.find_unopened(kAccounts, query));
        for (const auto& document : documents) {
            const auto state = state_of(document);
            health.reconnect_needed += state == Account::State::reconnect_needed ? 1 : 0;
            if (state != Account::State::active) continue;
            ++health.active;
            health.reading_mail += document.fields.at(AccountField::reads_mail) == Value{std::int64_t{1}} ? 1 : 0;
            health.ending += document.fields.at(AccountField::grant_ends_at) != Value{} ? 1 : 0;
            if (!health.an_active && CO_TRY(co_await get(document.account)).refresh_token)
                health.an_active = document.account;
        }
        if (documents.size() < kHealthPage) co_return health;
        query.after =
            Query::Position{.value = documents.back().fields.at(AccountField::email), .id = documents.back().id};
    }
}

Task<Result<Accounts::Step>> Accounts::active(std::optional<Query::Position> after) {
    return walk(std::move(after), true);
}

Task<Result<Accounts::Step>> Accounts::all(std::optional<Query::Position> after) {
    return walk(std::move(after), false);
}

Task<Result<Accounts::Step>> Accounts::walk(std::optional<Query::Position> after, bool only_active) {
    const auto found = CO_TRY(co_await documents_.find_unopened(
        kAccounts, {.index = "by_subject", .equals = {}, .limit = kWalkedAtOnce, .after = std::move(after)}));
    Step step;
    for (const auto& document : found)
        if (!only_active || state_of(document) == Account::State::active) step.accounts.push_back(document.account);
    if (found.size() == kWalkedAtOnce)
        step.next = Query::Position{.value = found.back().fields.at(AccountField::subject), .id = found.back().id};
    co_return step;
}

Task<Result<Account>> Accounts::update(Account account) {
    account.version = CO_TRY(co_await documents_.replace(kAccounts, document_of(account)));
    co_return account;
}

}  // namespace inboxpro
