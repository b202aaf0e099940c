#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "sandbox/form.h"
#include "sandbox/oauth/routes.h"
#include "sandbox/page.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::string_view kScopePrefix = "https://www.googleapis.com/auth/";

constexpr const char* kConsentPage = R"(<main class="narrow">
<form class="card" method="post" action="/o/oauth2/v2/auth">
<h1>Choose an account</h1>
<p class="soft">to go on to <b>{{where}}</b></p>
{{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">
{{/fields}}<input type="hidden" name="asked" value="1">
<fieldset><legend>Account</legend>
{{#users}}<label class="row"><input type="radio" name="account" value="{{address}}" required{{#chosen}} checked{{/chosen}}>
<span>{{name}}<small>{{address}}</small></span></label>
{{/users}}{{^users}}<p>The sandbox has no accounts yet.</p>
{{/users}}</fieldset>
{{#any_scopes}}<fieldset><legend>What {{where}} may do</legend>
{{#scopes}}<label class="row"><input type="checkbox" name="allow" value="{{scope}}" checked>
<span>{{meaning}}<small>{{short}}</small></span></label>
{{/scopes}}</fieldset>
{{/any_scopes}}<div class="actions">
<button name="decision" value="deny" formnovalidate>Cancel</button>
<button class="main" name="decision" value="allow">Continue</button>
</div>
</form>
</main>)";

constexpr const char* kErrorPage = R"(<main class="narrow"><div class="card">
<h1>Access blocked</h1>
<p>{{message}}</p>
<p class="soft">Error {{status}}: {{error}}</p>
</div></main>)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kMeanings = {{
    {"https://mail.google.com/", "Read, compose, send and permanently delete all your email"},
    {"https://www.googleapis.com/auth/gmail.modify", "Read, compose and send email, and change labels"},
    {"https://www.googleapis.com/auth/gmail.readonly", "View your email messages and settings"},
    {"https://www.googleapis.com/auth/gmail.compose", "Manage drafts and send email"},
    {"https://www.googleapis.com/auth/gmail.send", "Send email on your behalf"},
    {"https://www.googleapis.com/auth/gmail.metadata", "View headers and labels, but never the text of your email"},
    {"https://www.googleapis.com/auth/gmail.labels", "See and edit your email labels"},
    {"https://www.googleapis.com/auth/gmail.settings.basic", "See and change your email settings"},
    {"https://www.googleapis.com/auth/calendar", "See and edit all your calendars"},
    {"https://www.googleapis.com/auth/calendar.events", "View and edit events on all your calendars"},
    {"https://www.googleapis.com/auth/calendar.freebusy", "View your availability"},
    {"https://www.googleapis.com/auth/contacts", "See and edit your contacts"},
}};

std::string_view meaning_of(std::string_view scope) {
    const auto* found = std::ranges::find(kMeanings, scope, &std::pair<std::string_view, std::string_view>::first);
    return found == kMeanings.end() ? scope : found->second;
}

bool is_known(std::string_view scope) {
    return is_sign_in(scope) || scope == "https://mail.google.com/" ||
           (scope.starts_with(kScopePrefix) && scope.size() > kScopePrefix.size());
}

http::Response error_page(int status, const std::string& error, const std::string& message) {
    mustache::data data;
    data.set("status", std::to_string(status));
    data.set("error", error);
    data.set("message", message);
    return page(status, "Error: " + error, kErrorPage, data);
}

/// Where the browser goes: back to the application with these parameters and the state that it sent.
http::Response back_to(const Form& form, const std::vector<std::pair<std::string, std::string>>& parameters) {
    auto target = form.get("redirect_uri");
    target += target.contains('?') ? "&" : "?";
    if (form.has("state")) target += "state=" + query_encoded(form.get("state")) + "&";
    for (const auto& [name, value] : parameters) target += fmt::format("{}={}&", name, query_encoded(value));
    target += "iss=" + query_encoded(kIssuer);
    auto response = http::Response::redirect(302, std::move(target));
    response.headers.add("Cache-Control", "no-store");
    return response;
}

/// What Google shows on a page instead of sending the browser back, because the request cannot be trusted.
std::optional<http::Response> refusal_page(const Desk& desk, const Form& form) {
    const auto invalid = [](std::string message) { return error_page(400, "invalid_request", message); };
    for (std::string_view name : {"client_id", "redirect_uri", "response_type", "scope"})
        if (form.get(name).empty()) return invalid(fmt::format("Required parameter is missing: {}", name));
    if (!desk.clients.knows(form.get("client_id")))
        return error_page(401, "invalid_client", "The OAuth client was not found.");
    if (!desk.clients.may_return_to(form.get("client_id"), form.get("redirect_uri")))
        return error_page(400, "redirect_uri_mismatch",
                          "The redirect URI in the request does not match the ones authorized for the OAuth client.");
    if (form.get("response_type") != "code") return invalid("The sandbox answers response_type=code only.");
    const auto method = form.get("code_challenge_method");
    if (!method.empty() && method != "S256" && method != "plain")
        return invalid("code_challenge_method must be S256 or plain.");
    for (const auto& scope : to_scopes(form.get("scope")))
        if (!is_known(scope)) return error_page(400, "invalid_scope", "Some requested scopes were invalid: " + scope);
    return {};
}

Wish wish_of(const Form& form) {
    return {.client_id = form.get("client_id"),
            .redirect_uri = form.get("redirect_uri"),
            .scopes = to_scopes(form.get("scope")),
            .offline = form.get("access_type") == "offline",
            .asks_consent = form.get("prompt").contains("consent"),
            .include_granted = form.get("include_granted_scopes") == "true",
            .code_challenge = form.get("code_challenge"),
            .challenge_is_plain = form.get("code_challenge_method") != "S256",
            .nonce = form.get("nonce")};
}

http::Response grant(const Desk& desk, const Form& form, User& user, const Scopes& allowed) {
    auto wish = wish_of(form);
    const auto code = desk.grants.issue_code(std::move(wish), user, allowed);
    return back_to(form, {{"code", code}, {"scope", to_text(allowed)}, {"authuser", "0"}, {"prompt", "consent"}});
}

http::Response consent_page(const Desk& desk, const Form& form) {
    mustache::data fields{mustache::data::type::list}, users{mustache::data::type::list},
        scopes{mustache::data::type::list};
    for (const auto& [name, value] : form.fields()) {
        mustache::data field;
        field.set("name", name);
        field.set("value", value);
        fields << field;
    }
    const auto all = desk.users.all();
    const auto* hinted = desk.users.find(form.get("login_hint"));
    for (const auto* user : all) {
        mustache::data entry;
        entry.set("name", user->name);
        entry.set("address", user->address);
        entry.set("chosen", hinted == user || all.size() == 1);
        users << entry;
    }
    bool any = false;
    for (const auto& scope : to_scopes(form.get("scope"))) {
        if (is_sign_in(scope)) continue;
        mustache::data entry;
        entry.set("scope", scope);
        entry.set("short", scope.substr(scope.starts_with(kScopePrefix) ? kScopePrefix.size() : 0));
        entry.set("meaning", std::string(meaning_of(scope)));
        scopes << entry;
        any = true;
    }
    const auto target = form.get("redirect_uri");
    const auto host = target.find("//") + 2;
    mustache::data data;
    data.set("where", target.substr(host, target.find('/', host) - host));
    data.set("fields", fields);
    data.set("users", users);
    data.set("scopes", scopes);
    data.set("any_scopes", any);
    return page(200, "Sign in", kConsentPage, data);
}

http::Response ask(const Desk& desk, const Form& form) {
    if (auto refusal = refusal_page(desk, form)) return std::move(*refusal);
    if (form.get("prompt") != "none") return consent_page(desk, form);
    auto* user = desk.users.find(form.get("login_hint"));
    const auto scopes = to_scopes(form.get("scope"));
    if (user == nullptr || !desk.grants.has_granted(form.get("client_id"), *user, scopes))
        return back_to(form, {{"error", "interaction_required"}});
    return grant(desk, form, *user, scopes);
}

http::Response decide(const Desk& desk, const Form& form) {
    if (auto refusal = refusal_page(desk, form)) return std::move(*refusal);
    if (form.get("decision") == "deny") return back_to(form, {{"error", "access_denied"}});
    auto* user = desk.users.find(form.has("account") ? form.get("account") : form.get("login_hint"));
    if (user == nullptr) return error_page(400, "invalid_request", "The sandbox has no such account.");
    const auto ticked = form.all("allow");
    Scopes allowed;
    for (const auto& scope : to_scopes(form.get("scope")))
        if (is_sign_in(scope) || !form.has("asked") || std::ranges::find(ticked, scope) != ticked.end())
            allowed.insert(scope);
    return grant(desk, form, *user, allowed);
}

}  // namespace

void add_authorize_routes(Calls& calls, Desk desk) {
    for (std::string_view path : {"/o/oauth2/v2/auth", "/o/oauth2/auth"}) {
        calls.add("oauth2.authorize", http::Method::get, path,
                  [desk](const http::Request& request) { return ask(desk, Form::of(request)); });
        calls.add("oauth2.authorize", http::Method::post, path,
                  [desk](const http::Request& request) { return decide(desk, Form::of(request)); });
    }
}

}  // namespace inboxpro::sandbox::oauth
