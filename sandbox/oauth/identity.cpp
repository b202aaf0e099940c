#include <fmt/format.h>
#include <openssl/sha.h>

#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/form.h"
#include "sandbox/google_error.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace json = boost::json;

/// OpenID Connect Core 3.1.3.6: the left half of the access token's hash.
std::string hash_claim(const std::string& access_token) {
    Bytes digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>(access_token.data()), access_token.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
    return base64url(BytesView(digest).substr(0, digest.size() / 2));
}

void add_profile(json::object& into, const User& user, const std::string& origin) {
    const auto space = user.name.find(' ');
    into["name"] = user.name;
    into["given_name"] = user.name.substr(0, space);
    if (space != std::string::npos) into["family_name"] = user.name.substr(space + 1);
    into["picture"] = fmt::format("{}/pictures/{}.svg", origin, user.subject);
}

/// RFC 6750 3.1, as the OpenID endpoints answer; the first version answers as Google's other APIs do.
http::Response invalid_credentials(bool first_version) {
    if (first_version) return to_response(Answer{refusal::invalid_credentials()});
    auto response = http::Response::json(
        401, json::serialize(json::object{{"error", "invalid_request"}, {"error_description", "Invalid Credentials"}}));
    response.headers.add("WWW-Authenticate",
                         "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_request\", "
                         "error_description=\"Invalid Credentials\"");
    return response;
}

http::Response userinfo(const Desk& desk, const http::Request& request, bool first_version) {
    const auto access = desk.grants.access(bearer_of(request));
    if (!access) return invalid_credentials(first_version);
    if (!std::ranges::any_of(access->scopes, is_sign_in))
        return to_response(Answer{refusal::insufficient_scope("oauth2.userinfo.get")});
    json::object body{{first_version ? "id" : "sub", access->user->subject}};
    if (access->scopes.contains(kEmail)) {
        body["email"] = access->user->address;
        body[first_version ? "verified_email" : "email_verified"] = true;
    }
    if (access->scopes.contains(kProfile)) add_profile(body, *access->user, desk.origin.text());
    if (is_workspace(*access->user)) body["hd"] = access->user->domain();
    return http::Response::json(200, json::serialize(body));
}

json::object configuration(const std::string& origin) {
    return {{"issuer", kIssuer},
            {"authorization_endpoint", origin + "/o/oauth2/v2/auth"},
            {"token_endpoint", origin + "/token"},
            {"userinfo_endpoint", origin + "/v1/userinfo"},
            {"revocation_endpoint", origin + "/revoke"},
            {"jwks_uri", origin + "/oauth2/v3/certs"},
            {"response_types_supported", {"code"}},
            {"response_modes_supported", {"query"}},
            {"subject_types_supported", {"public"}},
            {"id_token_signing_alg_values_supported", {"RS256"}},
            {"scopes_supported", {"openid", "email", "profile"}},
            {"token_endpoint_auth_methods_supported", {"client_secret_post", "client_secret_basic"}},
            {"claims_supported",
             {"aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture",
              "sub"}},
            {"code_challenge_methods_supported", {"plain", "S256"}},
            {"grant_types_supported", {"authorization_code", "refresh_token"}},
            {"authorization_response_iss_parameter_supported", true}};
}

http::Response cached(const json::object& body) {
    auto response = http::Response::json(200, json::serialize(body));
    response.headers.add("Cache-Control", "public, max-age=21600, must-revalidate, no-transform");
    return response;
}

/// The first letter of the name on a coloured disc, as Google draws it for whoever has no picture.
http::Response picture(const Desk& desk, const http::Request& request) {
    const auto* user = desk.users.by_subject(request.path_values.at(0));
    if (user == nullptr) return http::error_response(404, "not_found", "Nobody has this picture.");
    const char initial = user->name.empty() ? user->address.front() : user->name.front();
    const bool is_letter = (initial >= 'A' && initial <= 'Z') || (initial >= 'a' && initial <= 'z');
    http::Response response;
    response.headers.add("Content-Type", "image/svg+xml");
    response.headers.add("Content-Security-Policy", "default-src 'none'");
    response.headers.add("Cache-Control", "public, max-age=86400");
    response.body = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96"><circle cx="48" cy="48" )"
        R"(r="48" fill="#0b6e6e"/><text x="48" y="64" font-family="sans-serif" font-size="46" fill="#fff" )"
        R"(text-anchor="middle">{}</text></svg>)",
        is_letter ? initial : '?');
    return response;
}

}  // namespace

std::int64_t to_seconds(TimePoint time) {
    return to_millis(time) / 1000;
}

bool is_workspace(const User& user) {
    return user.domain() != "gmail.com";
}

std::string_view bearer_of(const http::Request& request) {
    auto header = request.headers.get("Authorization");
    if (!http::same_ignoring_case(http::take_until(header, ' '), "Bearer")) return {};
    return http::trimmed(header);
}

json::object identity_claims(const Tokens& tokens, TimePoint now, const std::string& origin) {
    json::object claims{{"iss", kIssuer},
                        {"azp", tokens.client_id},
                        {"aud", tokens.client_id},
                        {"sub", tokens.user->subject},
                        {"at_hash", hash_claim(tokens.access_token)},
                        {"iat", to_seconds(now)},
                        {"exp", to_seconds(now) + 3600}};
    if (is_workspace(*tokens.user)) claims["hd"] = tokens.user->domain();
    if (!tokens.nonce.empty()) claims["nonce"] = tokens.nonce;
    if (tokens.scopes.contains(kEmail)) {
        claims["email"] = tokens.user->address;
        claims["email_verified"] = true;
    }
    if (tokens.scopes.contains(kProfile)) add_profile(claims, *tokens.user, origin);
    return claims;
}

void add_identity_routes(Calls& calls, Desk desk) {
    using http::Method;
    using http::Request;
    calls.add("oauth2.certs", Method::get, "/oauth2/v3/certs",
              [desk](const Request&) { return cached(desk.keys.as_jwks()); });
    calls.add("oauth2.certs", Method::get, "/oauth2/v1/certs",
              [desk](const Request&) { return cached(desk.keys.as_certificates()); });
    calls.add("oauth2.configuration", Method::get, "/.well-known/openid-configuration",
              [desk](const Request&) { return cached(configuration(desk.origin.text())); });
    const auto add_userinfo = [&](std::string_view path, bool first_version) {
        for (auto method : {Method::get, Method::post})
            calls.add("oauth2.userinfo.get", method, path,
                      [desk, first_version](const Request& request) { return userinfo(desk, request, first_version); });
    };
    add_userinfo("/oauth2/v1/userinfo", true);
    add_userinfo("/oauth2/v2/userinfo", true);
    add_userinfo("/userinfo/v2/me", true);
    add_userinfo("/oauth2/v3/userinfo", false);
    add_userinfo("/v1/userinfo", false);
    calls.add_own(Method::get, "/pictures/{subject}.svg",
                  [desk](const Request& request) { return picture(desk, request); });
}

}  // namespace inboxpro::sandbox::oauth
