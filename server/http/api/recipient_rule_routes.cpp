#include "http/api/recipient_rule_routes.h"

#include "http/api/json_input.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestNote = 500;

json::object rule_json(const RecipientRule& rule) {
    json::object out{{"id", rule.id.text()},
                     {"kind", name_of(rule.kind)},
                     {"subject", rule.subject},
                     {"created_at", to_rfc3339(rule.created_at)}};
    if (rule.kind == RecipientRule::Kind::domain) out["mode"] = name_of(rule.mode);
    if (!rule.note.empty()) out["note"] = rule.note;
    return out;
}

Result<RecipientRule::Kind> kind_from(std::string_view name) {
    const auto kind = rule_kind_named(name);
    if (!kind) return fail_field("kind", "The kind of a rule is never, domain or consent.");
    return *kind;
}

Result<RecipientRule> rule_in(const JsonInput& input, AccountId account) {
    TRY(input.only({"kind", "subject", "mode", "note"}));
    RecipientRule rule{.account = account, .kind = TRY(kind_from(TRY(input.needed_text("kind"))))};
    rule.subject = TRY(rule_subject(rule.kind, TRY(input.needed_text("subject"))));
    rule.note = TRY(input.text("note", kLongestNote));
    if (rule.kind != RecipientRule::Kind::domain) {
        if (input.has("mode")) return fail_field("mode", "Only a rule about a domain has a mode.");
        return rule;
    }
    const auto mode = tracking_mode_named(TRY(input.needed_text("mode")));
    if (!mode) return fail_field("mode", "The mode of a domain is off, consented_only or on.");
    rule.mode = *mode;
    return rule;
}

}  // namespace

void RecipientRuleRoutes::add_to(Router& router, Gate& gate) {
    const std::string_view path = "/api/v1/recipient-rules";
    router.add(Method::get, path, gate.guard("account:read", guarded(this, &RecipientRuleRoutes::list)));
    router.add(Method::post, path, gate.guard("account:write", guarded(this, &RecipientRuleRoutes::create)));
    router.add(Method::del, "/api/v1/recipient-rules/{id}",
               gate.guard("account:write", guarded(this, &RecipientRuleRoutes::remove)));
}

Answer RecipientRuleRoutes::list(Request request, Caller caller) {
    const auto page = CO_TRY(page_of(request));
    const auto kind = CO_TRY(kind_from(request.query_value("kind").value_or("")));
    std::optional<RuleId> after;
    if (!page.after.empty()) after = CO_TRY(RuleId::parse(page.after));
    auto rules = CO_TRY(co_await rules_.list(caller.account, kind, page.limit + 1, after));
    const bool more = rules.size() > page.limit;
    if (more) rules.pop_back();
    json::array items;
    for (const auto& rule : rules) items.push_back(rule_json(rule));
    json::object out{{"items", std::move(items)}};
    if (more) out["next"] = rules.back().id.text();
    co_return json_response(200, out);
}

Answer RecipientRuleRoutes::create(Request request, Caller caller) {
    const auto account = caller.account;
    co_return co_await idempotency_.once(account, std::move(request), [this, account](Request first) {
        return answered(lay_down(std::move(first), account));
    });
}

Answer RecipientRuleRoutes::lay_down(Request request, AccountId account) {
    const auto body = CO_TRY(json_body(request));
    const auto rule = CO_TRY(co_await rules_.put(CO_TRY(rule_in(JsonInput(body), account))));
    co_return json_response(201, rule_json(rule));
}

Answer RecipientRuleRoutes::remove(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<RuleId>(request));
    CO_TRY(co_await rules_.remove(caller.account, id));
    co_return Response{.status = 204};
}

}  // namespace inboxpro::http
