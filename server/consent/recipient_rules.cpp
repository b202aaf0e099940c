#include "consent/recipient_rules.h"

#include <algorithm>

#include "tracking/body.h"

namespace inboxpro {
namespace {

using Kind = RecipientRule::Kind;

struct RuleField {
    enum : std::size_t { kind, created_at };
};

constexpr std::size_t kLongestAddress = 254;  // RFC 5321 4.5.3.1.3, without the angle brackets.

bool is_domain(std::string_view text) {
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               static_cast<signed char>(c) < 0;
    };
    return !text.empty() && std::ranges::all_of(text, belongs) && !text.starts_with('.') && !text.ends_with('.') &&
           !text.contains("..");
}

bool is_address(std::string_view text) {
    const auto at = text.rfind('@');
    const auto is_space = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; };
    return at != std::string_view::npos && at > 0 && is_domain(text.substr(at + 1)) &&
           std::ranges::none_of(text, is_space);
}

Document document_of(const RecipientRule& rule) {
    return {.id = rule.id.raw,
            .account = rule.account,
            .fields = {static_cast<std::int64_t>(rule.kind), to_millis(rule.created_at)},
            .body = {{"subject", rule.subject}, {"mode", static_cast<int>(rule.mode)}, {"note", rule.note}}};
}

Result<RecipientRule> rule_of(const Document& document) {
    return RecipientRule{.id = {document.id},
                         .account = document.account,
                         .kind = static_cast<Kind>(TRY(number_field(document, RuleField::kind))),
                         .subject = TRY(text_in(document.body, "subject")),
                         .mode = static_cast<TrackingMode>(TRY(number_in(document.body, "mode"))),
                         .note = TRY(text_in(document.body, "note")),
                         .created_at = TRY(time_field(document, RuleField::created_at))};
}

}  // namespace

const Collection kRecipientRules{
    .name = "recipient_rules",
    .fields = {{"kind", FieldKind::integer}, {"created_at", FieldKind::integer}},
    .indexes = {{.name = "by_kind", .fields = {"account", "kind", "created_at"}}},
};

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::never: return "never";
        case Kind::domain: return "domain";
        case Kind::consent: break;
    }
    return "consent";
}

std::optional<Kind> rule_kind_named(std::string_view name) {
    for (const auto kind : {Kind::never, Kind::domain, Kind::consent})
        if (name_of(kind) == name) return kind;
    return {};
}

Result<std::string> rule_subject(Kind kind, std::string_view text) {
    std::string subject = normalised_address(text);
    if (subject.starts_with('@')) subject.erase(0, 1);
    if (subject.ends_with('.')) subject.pop_back();
    const bool fits = subject.size() <= kLongestAddress;
    if (fits && kind != Kind::domain && is_address(subject)) return subject;
    if (fits && kind != Kind::consent && is_domain(subject)) return subject;
    if (kind == Kind::consent) return fail_field("subject", "Write one mail address, such as ada@example.org.");
    if (kind == Kind::domain)
        return fail_field("subject", "Write a domain, such as example.org, or an ending, such as de.");
    return fail_field("subject", "Write a mail address or a domain, such as ada@example.org or example.org.");
}

std::vector<std::string> domains_of(std::string_view address) {
    const std::string normalised = normalised_address(address);
    std::vector<std::string> domains;
    const auto at = normalised.rfind('@');
    if (at == std::string::npos) return domains;
    for (std::string_view rest = std::string_view{normalised}.substr(at + 1); !rest.empty();) {
        domains.emplace_back(rest);
        const auto dot = rest.find('.');
        rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    }
    return domains;
}

RuleId RecipientRules::id_of(AccountId account, Kind kind, std::string_view subject) const {
    const auto value = std::string(name_of(kind)) + " " + std::string(subject);
    return {RawId::from_bytes(index_.of(account, "recipient rule", value)).value()};
}

Task<Result<RecipientRule>> RecipientRules::put(RecipientRule rule) {
    rule.id = id_of(rule.account, rule.kind, rule.subject);
    rule.created_at = clock_.now();
    for (;;) {
        const auto inserted = co_await documents_.insert(kRecipientRules, document_of(rule));
        if (inserted) co_return rule;
        if (inserted.error().kind != ErrorKind::conflict) co_return std::unexpected(inserted.error());
        CO_TRY(co_await documents_.erase(kRecipientRules, rule.id.raw));
    }
}

Task<Result<std::optional<RecipientRule>>> RecipientRules::find(AccountId account, Kind kind, std::string subject) {
    const auto document = co_await documents_.get(kRecipientRules, id_of(account, kind, subject).raw);
    if (!document && document.error().kind == ErrorKind::not_found) co_return std::optional<RecipientRule>{};
    if (!document) co_return std::unexpected(document.error());
    co_return CO_TRY(rule_of(*document));
}

Task<Result<std::vector<RecipientRule>>> RecipientRules::list(AccountId account, Kind kind, std::size_t limit,
                                                              std::optional<RuleId> after) {
    Query query{.index = "by_kind", .equals = {Bytes{account.view()}, static_cast<std::int64_t>(kind)}, .limit = limit};
    if (after) {
        const auto last = CO_TRY(co_await documents_.get(kRecipientRules, after->raw));
        if (last.account != account) co_return fail(ErrorKind::not_found, "There is no such rule.");
        query.after = Query::Position{.value = last.fields.at(RuleField::created_at), .id = last.id};
    }
    std::vector<RecipientRule> rules;
    for (const auto& document : CO_TRY(co_await documents_.find(kRecipientRules, std::move(query))))
        rules.push_back(CO_TRY(rule_of(document)));
    co_return rules;
}

Task<Result<void>> RecipientRules::remove(AccountId account, RuleId id) {
    const auto document = CO_TRY(co_await documents_.get(kRecipientRules, id.raw));
    if (document.account != account) co_return fail(ErrorKind::not_found, "There is no such rule.");
    CO_TRY(co_await documents_.erase(kRecipientRules, id.raw));
    co_return Result<void>{};
}

Task<Result<std::vector<RecipientRule>>> RecipientRules::about(AccountId account, std::string address) {
    std::vector<RecipientRule> rules;
    for (const auto kind : {Kind::never, Kind::consent})
        if (auto rule = CO_TRY(co_await find(account, kind, normalised_address(address)))) rules.push_back(*rule);
    co_return rules;
}

}  // namespace inboxpro
