#include "http/api/account_routes.h"

#include <algorithm>

#include "accounts/features.h"
#include "http/api/cookies.h"
#include "http/api/json_input.h"
#include "http/api/sending_json.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestTokenName = 100;
constexpr std::string_view kOnlyInABrowser = "Only a browser that is signed in can ask Google.";

json::array texts(const auto& range) {
    json::array array;
    for (const auto& text : range) array.emplace_back(std::string_view(text));
    return array;
}

json::object feature_json(const Feature& feature, const Account& account) {
    json::array scopes;
    for (const auto& permission : feature.permissions) scopes.emplace_back(permission.scope);
    json::object out{{"id", feature.id},
                     {"name", feature.name},
                     {"promise", feature.promise},
                     {"scopes", std::move(scopes)},
                     {"granted", is_granted(feature, account)}};
    if (!feature.price.empty()) out["price"] = feature.price;
    return out;
}

json::object account_json(const Account& account) {
    json::array features;
    for (const auto& feature : all_features()) features.push_back(feature_json(feature, account));
    return {{"id", account.id.text()},
            {"email", account.email},
            {"name", account.name},
            {"state", name_of(account.state)},
            {"tracking_mode", name_of(account.tracking_mode)},
            {"notice_version", account.notice_version},
            {"undo_seconds", account.undo.count()},
            {"late_after_minutes", account.late_after.count()},
            {"shows_opt_out", account.shows_opt_out},
            {"sending", sending_json(account)},
            {"features", std::move(features)},
            {"created_at", to_rfc3339(account.created_at)}};
}

/// `mailbox` is null where none is followed.
json::object mailbox_json(const FollowedMailbox* mailbox, TimePoint now) {
    if (mailbox == nullptr) return {{"followed", false}, {"pushed", false}};
    json::object out{{"followed", mailbox->state == FollowedMailbox::State::following},
                     {"pushed", mailbox->watch && mailbox->watch->expires_at > now}};
    if (mailbox->looked_at != TimePoint{}) out["last_looked_at"] = to_rfc3339(mailbox->looked_at);
    return out;
}

json::object token_json(const ApiToken& token) {
    json::object out{{"id", token.id.text()},
                     {"name", token.name},
                     {"scopes", texts(token.scopes)},
                     {"created_at", to_rfc3339(token.created_at)}};
    if (token.last_used_at) out["last_used_at"] = to_rfc3339(*token.last_used_at);
    return out;
}

Result<std::set<std::string>> scopes_in(const JsonInput& input, const Caller& caller) {
    const auto asked = TRY(input.texts("scopes", std::size(kAllScopes)));
    std::set<std::string> scopes(asked.begin(), asked.end());
    if (asked.empty()) return fail_field("scopes", "Choose at least one scope.");
    if (scopes.size() != asked.size()) return fail_field("scopes", "A scope stands in the list twice.");
    for (const auto& scope : scopes) {
        if (std::ranges::find(kAllScopes, scope) == std::end(kAllScopes))
            return fail_field("scopes", "There is a scope in the list that does not exist.");
        if (!caller.scopes.contains(scope))
            return fail(ErrorKind::denied, "An API token cannot give a scope that it does not have itself.");
    }
    return scopes;
}

Response no_content() {
    return {.status = 204, .headers = {}, .body = {}};
}

Response items_response(json::array items) {
    return json_response(200, json::object{{"items", std::move(items)}});
}

}  // namespace

void AccountRoutes::add_to(Router& router, Gate& gate) {
    const auto route = [&](Method method, std::string_view path, std::string_view scope, auto member) {
        router.add(method, path, gate.guard(scope, guarded(this, member)));
    };
    route(Method::get, "/api/v1/account", "account:read", &AccountRoutes::show);
    route(Method::patch, "/api/v1/account", "account:write", &AccountRoutes::change);
    route(Method::post, "/api/v1/account/permissions", "account:write", &AccountRoutes::ask_permission);
    route(Method::del, "/api/v1/account/permissions/{feature}", "account:write", &AccountRoutes::give_back);
    route(Method::post, "/api/v1/account/disconnect", "account:write", &AccountRoutes::disconnect);
    route(Method::get, "/api/v1/account/sessions", "account:read", &AccountRoutes::list_sessions);
    route(Method::del, "/api/v1/account/sessions/{id}", "account:write", &AccountRoutes::end_session);
    route(Method::get, "/api/v1/account/tokens", "account:read", &AccountRoutes::list_tokens);
    route(Method::post, "/api/v1/account/tokens", "account:write", &AccountRoutes::create_token);
    route(Method::del, "/api/v1/account/tokens/{id}", "account:write", &AccountRoutes::revoke_token);
    route(Method::get, "/api/v1/account/senders", "account:read", &AccountRoutes::list_senders);
    route(Method::post, "/api/v1/session/end", "account:read", &AccountRoutes::sign_out);
}

Answer AccountRoutes::described(Account account) {
    const auto mailbox = co_await mailboxes_.get(account.id);
    if (!mailbox && mailbox.error().kind == ErrorKind::unavailable) co_return std::unexpected(mailbox.error());
    auto out = account_json(account);
    out["mailbox"] = mailbox_json(mailbox ? &*mailbox : nullptr, clock_.now());
    co_return json_response(200, out);
}

Answer AccountRoutes::show(Request, Caller caller) {
    co_return co_await described(CO_TRY(co_await accounts_.get(caller.account)));
}

Answer AccountRoutes::change(Request request, Caller caller) {
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    CO_TRY(input.only({"tracking_mode", "undo_seconds", "late_after_minutes", "sending", "shows_opt_out"}));
    const auto undo = CO_TRY(input.number("undo_seconds", 0, kUndoTimes.longest.count()));
    if (undo && *undo != 0 && *undo < kUndoTimes.shortest.count())
        co_return fail_field("undo_seconds", "The time to undo is 0, or 5 to 30 seconds.");
    const auto late = CO_TRY(input.number("late_after_minutes", 5, 1'440));
    auto account = CO_TRY(co_await accounts_.get(caller.account));
    const auto before = account.sending;
    if (input.has("tracking_mode")) {
        const auto mode = tracking_mode_named(CO_TRY(input.needed_text("tracking_mode")));
        if (!mode) co_return fail_field("tracking_mode", "The tracking mode is off, consented_only or on.");
        account.tracking_mode = *mode;
    }
    if (input.has("sending")) {
        const auto sending = CO_TRY(input.object("sending"));
        account.sending = CO_TRY(sending_from(JsonInput(sending, "sending."), account.sending, zones_));
    }
    const bool plans_change = account.sending != before;
    if (plans_change) {
        account.sending.generation += 1;
        CO_TRY(co_await outbox_.rules_will_change(account.id));
    }
    if (undo) account.undo = std::chrono::seconds{*undo};
    if (late) account.late_after = std::chrono::minutes{*late};
    account.shows_opt_out = CO_TRY(input.truth("shows_opt_out", account.shows_opt_out));
    if (!body.empty()) account = CO_TRY(co_await accounts_.update(std::move(account)));
    if (plans_change) CO_TRY(co_await outbox_.rules_changed(account.id));
    co_return co_await described(std::move(account));
}

Answer AccountRoutes::ask_permission(Request request, Caller caller) {
    if (!caller.by_session) co_return fail(ErrorKind::denied, std::string(kOnlyInABrowser));
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    CO_TRY(input.only({"feature"}));
    co_return co_await to_google(caller.account, CO_TRY(input.needed_text("feature")));
}

// What the account has besides is asked for again, because Google ends everything that was granted at once.
Answer AccountRoutes::give_back(Request request, Caller caller) {
    if (!caller.by_session) co_return fail(ErrorKind::denied, std::string(kOnlyInABrowser));
    const auto* feature = find_feature(request.path_values.at(0));
    if (feature == nullptr) co_return fail(ErrorKind::not_found, "There is no such feature.");
    if (feature->price.empty())
        co_return fail_field("feature", "This cannot be given back by itself: disconnect the account instead.");
    CO_TRY(co_await disconnect_.give_back_mail(caller.account));
    co_return co_await to_google(caller.account, "sending");
}

Answer AccountRoutes::to_google(AccountId account, std::string feature) {
    const auto started = CO_TRY(co_await sign_in_.start({.purpose = SignInIntent::Purpose::permit,
                                                         .features = {std::move(feature)},
                                                         .notice_version = {},
                                                         .account = account}));
    auto response = json_response(200, json::object{{"url", started.url}});
    give_cookie(response, kSignInCookie, started.browser);
    co_return response;
}

Answer AccountRoutes::disconnect(Request, Caller caller) {
    CO_TRY(co_await disconnect_.disconnect(caller.account));
    auto response = no_content();
    clear_site(response);
    co_return response;
}

Answer AccountRoutes::list_sessions(Request, Caller caller) {
    json::array items;
    for (const auto& session : CO_TRY(co_await sessions_.list(caller.account)))
        items.push_back({{"id", session.id.text()},
                         {"created_at", to_rfc3339(session.created_at)},
                         {"last_seen_at", to_rfc3339(session.last_seen_at)},
                         {"current", session.id == caller.session}});
    co_return items_response(std::move(items));
}

Answer AccountRoutes::end_session(Request request, Caller caller) {
    CO_TRY(co_await sessions_.end(caller.account, CO_TRY(id_in<SessionId>(request))));
    co_return no_content();
}

Answer AccountRoutes::list_tokens(Request, Caller caller) {
    json::array items;
    for (const auto& token : CO_TRY(co_await tokens_.list(caller.account))) items.push_back(token_json(token));
    co_return items_response(std::move(items));
}

Answer AccountRoutes::create_token(Request request, Caller caller) {
    const auto account = caller.account;
    co_return co_await idempotency_.once(
        account, std::move(request),
        [this, caller = std::move(caller)](Request first) { return answered(issue_token(std::move(first), caller)); });
}

Answer AccountRoutes::issue_token(Request request, Caller caller) {
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    CO_TRY(input.only({"name", "scopes"}));
    auto name = CO_TRY(input.needed_text("name", kLongestTokenName));
    auto scopes = CO_TRY(scopes_in(input, caller));
    const auto issued = CO_TRY(co_await tokens_.issue(caller.account, std::move(name), std::move(scopes)));
    auto out = token_json(issued.token);
    out["token"] = issued.value.reveal();
    co_return json_response(201, out);
}

Answer AccountRoutes::revoke_token(Request request, Caller caller) {
    CO_TRY(co_await tokens_.revoke(caller.account, CO_TRY(id_in<ApiTokenId>(request))));
    co_return no_content();
}

Answer AccountRoutes::list_senders(Request, Caller caller) {
    json::array items;
    for (const auto& sender : CO_TRY(co_await outbox_.senders(caller.account)))
        if (sender.is_verified)
            items.push_back({{"address", sender.address},
                             {"name", sender.display_name},
                             {"is_default", sender.is_default},
                             {"is_primary", sender.is_primary}});
    co_return items_response(std::move(items));
}

Answer AccountRoutes::sign_out(Request, Caller caller) {
    if (!caller.by_session) co_return fail(ErrorKind::invalid, "An API token has no session to end.");
    CO_TRY(co_await sessions_.end(caller.account, caller.session));
    auto response = no_content();
    clear_site(response);
    co_return response;
}

}  // namespace inboxpro::http
