#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/form.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace json = boost::json;

http::Response token_answer(int status, const json::object& body) {
    auto response = http::Response::json(status, json::serialize(body));
    response.headers.add("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
    response.headers.add("Pragma", "no-cache");
    return response;
}

http::Response refuse(const OAuthError& error) {
    json::object body{{"error", error.error}};
    if (!error.description.empty()) body["error_description"] = error.description;
    return token_answer(error.status, body);
}

struct Credentials {
    std::string id, secret;
};

/// client_secret_basic, else client_secret_post (RFC 6749 2.3.1).
Credentials credentials_of(const http::Request& request, const Form& form) {
    auto header = request.headers.get("Authorization");
    if (!http::same_ignoring_case(http::take_until(header, ' '), "Basic"))
        return {form.get("client_id"), form.get("client_secret")};
    const auto decoded = from_base64(http::trimmed(header)).value_or("");
    std::string_view secret = decoded;
    const auto id = http::take_until(secret, ':');
    return {http::percent_decoded(id, true).value_or(""), http::percent_decoded(secret, true).value_or("")};
}

std::optional<OAuthError> refusal_of(Clients& clients, const Credentials& client) {
    if (client.id.empty()) return OAuthError{400, "invalid_request", "Could not determine client ID from request."};
    if (!clients.knows(client.id)) return OAuthError{401, "invalid_client", "The OAuth client was not found."};
    if (clients.standing(client.id).deleted) return OAuthError{401, "deleted_client", "The OAuth client was deleted."};
    if (client.secret.empty()) return OAuthError{400, "invalid_request", "client_secret is missing."};
    if (!clients.has_secret(client.id, client.secret))
        return OAuthError{401, "invalid_client", "The provided client secret is invalid."};
    return {};
}

std::expected<Tokens, OAuthError> exchange(const Desk& desk, const Form& form, const std::string& client_id) {
    const auto kind = form.get("grant_type");
    const bool by_code = kind == "authorization_code";
    if (!by_code && kind != "refresh_token")
        return std::unexpected(OAuthError{400, "unsupported_grant_type", "Invalid grant_type: " + kind});
    const std::string_view needed = by_code ? "code" : "refresh_token";
    if (form.get(needed).empty())
        return std::unexpected(
            OAuthError{400, "invalid_request", "Missing required parameter: " + std::string(needed)});
    return by_code ? desk.grants.redeem(form.get("code"), client_id, form.get("redirect_uri"),
                                        form.get("code_verifier"), desk.clients.standing(client_id))
                   : desk.grants.refresh(form.get("refresh_token"), client_id);
}

http::Response give_token(const Desk& desk, const http::Request& request) {
    const auto form = Form::of(request);
    const auto client = credentials_of(request, form);
    if (const auto refusal = refusal_of(desk.clients, client)) return refuse(*refusal);
    const auto tokens = exchange(desk, form, client.id);
    if (!tokens) return refuse(tokens.error());

    json::object body{{"access_token", tokens->access_token},
                      {"expires_in", Grants::kAccessLife.count()},
                      {"scope", to_text(tokens->scopes)},
                      {"token_type", "Bearer"}};
    if (!tokens->refresh_token.empty()) body["refresh_token"] = tokens->refresh_token;
    if (tokens->refresh_expires_in) body["refresh_token_expires_in"] = tokens->refresh_expires_in->count();
    if (std::ranges::any_of(tokens->scopes, is_sign_in))
        body["id_token"] = desk.keys.sign(identity_claims(*tokens, desk.clock.now(), desk.origin.text()));
    return token_answer(200, body);
}

http::Response revoke(const Desk& desk, const http::Request& request) {
    const auto token = Form::of(request).get("token");
    if (token.empty()) return refuse({400, "invalid_request", "Missing required parameter: token"});
    if (!desk.grants.revoke(token)) return refuse({400, "invalid_token", "Token expired or revoked"});
    return token_answer(200, {});
}

}  // namespace

void add_token_routes(Calls& calls, Desk desk) {
    const auto token = [desk](const http::Request& request) { return give_token(desk, request); };
    const auto end = [desk](const http::Request& request) { return revoke(desk, request); };
    calls.add("oauth2.token", http::Method::post, "/token", token);
    calls.add("oauth2.token", http::Method::post, "/oauth2/v4/token", token);
    calls.add("oauth2.revoke", http::Method::post, "/revoke", end);
    calls.add("oauth2.revoke", http::Method::post, "/o/oauth2/revoke", end);
}

}  // namespace inboxpro::sandbox::oauth
