#include <boost/json/serialize.hpp>

#include "sandbox/form.h"
#include "sandbox/json.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace json = boost::json;

http::Response tokeninfo_answer(int status, const json::object& body) {
    return http::Response::json(status, json::serialize(body));
}

http::Response invalid_token() {
    return tokeninfo_answer(400, {{"error", "invalid_token"}, {"error_description", "Invalid Value"}});
}

/// As oauth2.v2.json describes Tokeninfo.
json::object first_version(const Access& access, std::int64_t left) {
    json::object body{{"issued_to", access.client_id},
                      {"audience", access.client_id},
                      {"user_id", access.user->subject},
                      {"scope", to_text(access.scopes)},
                      {"expires_in", left}};
    if (access.scopes.contains(kEmail)) {
        body["email"] = access.user->address;
        body["verified_email"] = true;
    }
    return body;
}

/// Every value is a string here.
json::object later_version(const Access& access, std::int64_t left) {
    json::object body{{"azp", access.client_id},
                      {"aud", access.client_id},
                      {"sub", access.user->subject},
                      {"scope", to_text(access.scopes)},
                      {"exp", std::to_string(to_seconds(access.expires_at))},
                      {"expires_in", std::to_string(left)},
                      {"access_type", access.offline ? "offline" : "online"}};
    if (access.scopes.contains(kEmail)) {
        body["email"] = access.user->address;
        body["email_verified"] = "true";
    }
    return body;
}

http::Response about_access_token(const Desk& desk, std::string_view token, bool v2) {
    const auto access = desk.grants.access(token);
    if (!access) return invalid_token();
    const auto left = to_seconds(access->expires_at) - to_seconds(desk.clock.now());
    return tokeninfo_answer(200, v2 ? first_version(*access, left) : later_version(*access, left));
}

json::object first_version(const json::object& claims, std::int64_t left) {
    json::object body{{"issued_to", claims.at("azp")},
                      {"audience", claims.at("aud")},
                      {"user_id", claims.at("sub")},
                      {"expires_in", left}};
    if (const auto* email = claims.if_contains("email")) body["email"] = *email;
    if (const auto* verified = claims.if_contains("email_verified")) body["verified_email"] = *verified;
    return body;
}

json::object later_version(const json::object& claims) {
    json::object body;
    for (const auto& [name, value] : claims)
        body[name] = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    return body;
}

http::Response about_id_token(const Desk& desk, std::string_view token, bool v2) {
    const auto claims = desk.keys.verified(token);
    if (!claims) return invalid_token();
    const auto left = claims->at("exp").to_number<std::int64_t>() - to_seconds(desk.clock.now());
    if (left <= 0) return invalid_token();
    return tokeninfo_answer(200, v2 ? first_version(*claims, left) : later_version(*claims));
}

http::Response tokeninfo(const Desk& desk, const http::Request& request, bool v2) {
    const auto form = Form::of(request);
    if (form.has("id_token")) return about_id_token(desk, form.get("id_token"), v2);
    const auto token = form.get("access_token");
    return about_access_token(desk, token.empty() ? bearer_of(request) : token, v2);
}

}  // namespace

void add_tokeninfo_routes(Calls& calls, Desk desk) {
    for (std::string_view path : {"/tokeninfo", "/oauth2/v2/tokeninfo", "/oauth2/v3/tokeninfo"})
        for (auto method : {http::Method::get, http::Method::post})
            calls.add("oauth2.tokeninfo", method, path, [desk, v2 = path.contains("v2")](const http::Request& request) {
                return tokeninfo(desk, request, v2);
            });
}

}  // namespace inboxpro::sandbox::oauth
