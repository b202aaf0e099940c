#include <fmt/format.h>

#include "sandbox/oauth/pages.h"

namespace inboxpro::sandbox::oauth {
namespace {

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

/// The words of `prompt`; empty optional when one is unknown, or when "none" stands beside others.
std::optional<std::set<std::string>> prompts_of(const Form& form) {
    const auto words = to_scopes(form.get("prompt"));
    for (const auto& word : words)
        if (word != "none" && word != "consent" && word != "select_account") return {};
    if (words.contains("none") && words.size() > 1) return {};
    return std::set<std::string>(words.begin(), words.end());
}

std::optional<Obstacle> missing_parameter(const Form& form) {
    for (std::string_view name : {"client_id", "redirect_uri", "response_type", "scope"})
        if (form.get(name).empty())
            return Obstacle{400, "invalid_request", fmt::format("Required parameter is missing: {}", name)};
    return {};
}

std::optional<Obstacle> unknown_client(const Clients& clients, const std::string& id) {
    if (clients.standing(id).deleted) return Obstacle{401, "deleted_client", "The OAuth client was deleted."};
    if (!clients.knows(id)) return Obstacle{401, "invalid_client", "The OAuth client was not found."};
    return {};
}

std::optional<Obstacle> bad_parameter(const Form& form) {
    const auto invalid = [&](std::string_view name) {
        return Obstacle{400, "invalid_request", fmt::format("Invalid parameter value for {}.", name),
                        fmt::format("{}={}", name, form.get(name))};
    };
    if (form.get("response_type") != "code") return invalid("response_type");
    const auto method = form.get("code_challenge_method");
    if (!method.empty() && method != "S256" && method != "plain") return invalid("code_challenge_method");
    const auto access = form.get("access_type");
    if (!access.empty() && access != "online" && access != "offline") return invalid("access_type");
    if (!prompts_of(form)) return invalid("prompt");
    for (const auto& scope : to_scopes(form.get("scope")))
        if (!is_known_scope(scope))
            return Obstacle{400, "invalid_scope", "Some requested scopes were invalid.", "scope=" + scope};
    return {};
}

/// Why the request cannot be answered at all, whoever signs in.
std::optional<Obstacle> obstacle_in(const Desk& desk, const Form& form) {
    if (auto obstacle = missing_parameter(form)) return obstacle;
    if (auto obstacle = unknown_client(desk.clients, form.get("client_id"))) return obstacle;
    if (!desk.clients.may_return_to(form.get("client_id"), form.get("redirect_uri")))
        return Obstacle{400, "redirect_uri_mismatch",
                        "The redirect URI in the request does not match the ones authorized for the OAuth client.",
                        "redirect_uri=" + form.get("redirect_uri")};
    return bad_parameter(form);
}

/// Why this account cannot use the application.
std::optional<Obstacle> obstacle_for(const Standing& standing, const User& user) {
    if (standing.restricted && is_workspace(user))
        return Obstacle{400, "admin_policy_enforced",
                        fmt::format("The administrator of {} does not allow this application.", user.domain())};
    if (!standing.internal_to.empty() && user.domain() != standing.internal_to)
        return Obstacle{403, "org_internal",
                        fmt::format("This client is restricted to users within {}.", standing.internal_to)};
    return {};
}

Wish wish_of(const Form& form) {
    return {.client_id = form.get("client_id"),
            .redirect_uri = form.get("redirect_uri"),
            .scopes = to_scopes(form.get("scope")),
            .offline = form.get("access_type") == "offline",
            .asks_consent = prompts_of(form)->contains("consent"),
            .include_granted = form.get("include_granted_scopes") == "true",
            .code_challenge = form.get("code_challenge"),
            .challenge_is_plain = form.get("code_challenge_method") != "S256",
            .nonce = form.get("nonce")};
}

http::Response grant(const Desk& desk, const Form& form, User& user, const Scopes& allowed) {
    if (const auto obstacle = obstacle_for(desk.clients.standing(form.get("client_id")), user))
        return error_page(*obstacle, application_name(form));
    const auto issued = desk.grants.issue_code(wish_of(form), user, allowed);
    std::vector<std::pair<std::string, std::string>> parameters{
        {"code", issued.code}, {"scope", to_text(issued.scopes)}, {"authuser", "0"}};
    if (is_workspace(user)) parameters.emplace_back("hd", user.domain());
    parameters.emplace_back("prompt", form.get("prompt") == "none" ? "none" : "consent");
    return back_to(form, parameters);
}

/// prompt=none: nobody is asked, so only an account that is named and has granted all of it can go on.
http::Response answer_unasked(const Desk& desk, const Form& form) {
    auto* user = hinted_user(desk, form);
    if (user == nullptr) return back_to(form, {{"error", "login_required"}});
    const auto scopes = to_scopes(form.get("scope"));
    if (!desk.grants.has_granted(form.get("client_id"), *user, scopes))
        return back_to(form, {{"error", "interaction_required"}});
    return grant(desk, form, *user, scopes);
}

http::Response ask(const Desk& desk, const Form& form) {
    if (const auto obstacle = obstacle_in(desk, form)) return error_page(*obstacle, application_name(form));
    return form.get("prompt") == "none" ? answer_unasked(desk, form) : consent_page(desk, form);
}

http::Response decide(const Desk& desk, const Form& form) {
    if (const auto obstacle = obstacle_in(desk, form)) return error_page(*obstacle, application_name(form));
    if (form.get("decision") == "deny") return back_to(form, {{"error", "access_denied"}});
    auto* user = form.has("account") ? desk.users.find(form.get("account")) : hinted_user(desk, form);
    if (user == nullptr)
        return error_page({400, "invalid_request", "The sandbox has no such account."}, application_name(form));
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
