#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/json.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

constexpr std::int64_t kLongestGrant = 10LL * 366 * 24 * 3'600;

Response answer(const json::object& body) {
    return Response::json(200, json::serialize(body));
}

json::object to_json(const Standing& standing) {
    json::object body{{"publishing", standing.testing ? "testing" : "production"},
                      {"restricted", standing.restricted},
                      {"deleted", standing.deleted},
                      {"internal_to", standing.internal_to}};
    body["grant_seconds"] = standing.grant_life ? standing.grant_life->count() : 0;
    return body;
}

Result<bool> flag_in(const json::object& body, std::string_view name, bool present) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return present;
    if (!value->is_bool()) return fail_field(std::string(name), "Give true or false.");
    return value->get_bool();
}

Result<bool> testing_in(const json::object& body, bool present) {
    if (!body.contains("publishing")) return present;
    const auto text = text_in(body, "publishing");
    if (text != "testing" && text != "production")
        return fail_field("publishing", "Give \"testing\" or \"production\".");
    return text == "testing";
}

Result<std::optional<std::chrono::seconds>> grant_life_in(const json::object& body,
                                                          std::optional<std::chrono::seconds> present) {
    const auto* value = body.if_contains("grant_seconds");
    if (value == nullptr) return present;
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kLongestGrant)
        return fail_field("grant_seconds", "Give a whole number of seconds; 0 is without end.");
    if (value->get_int64() == 0) return std::optional<std::chrono::seconds>{};
    return std::chrono::seconds{value->get_int64()};
}

/// What the body names is changed, all else stays.
Result<Standing> changed(Standing standing, const json::object& body) {
    standing.testing = TRY(testing_in(body, standing.testing));
    standing.restricted = TRY(flag_in(body, "restricted", standing.restricted));
    standing.deleted = TRY(flag_in(body, "deleted", standing.deleted));
    standing.grant_life = TRY(grant_life_in(body, standing.grant_life));
    if (body.contains("internal_to")) standing.internal_to = http::lower_case(text_in(body, "internal_to"));
    return standing;
}

Response set_standing(const Desk& desk, const Request& request) {
    const auto& id = request.path_values.at(0);
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    const auto standing = changed(desk.clients.standing(id), *body);
    if (!standing) return http::error_response(standing.error());
    desk.clients.set_standing(id, *standing);
    if (standing->deleted)
        desk.grants.end_grants(id, [](const User&) { return true; });
    else if (standing->restricted)
        desk.grants.end_grants(id, is_workspace);
    return answer(to_json(*standing));
}

Response change_password(const Desk& desk, const Request& request) {
    const auto* user = desk.users.find(request.path_values.at(0));
    if (user == nullptr) return http::error_response(404, "not_found", "The sandbox has no such account.");
    return answer({{"ended_refresh_tokens", desk.grants.change_password(*user)}});
}

Response rotate_keys(const Desk& desk) {
    desk.keys.rotate();
    json::array ids;
    for (const auto& id : desk.keys.ids()) ids.emplace_back(id);
    return answer({{"kids", std::move(ids)}});
}

}  // namespace

void add_control_routes(Calls& calls, Desk desk) {
    using http::Method;
    calls.add_own(Method::get, "/_sandbox/clients/{id}", [desk](const Request& request) {
        return answer(to_json(desk.clients.standing(request.path_values.at(0))));
    });
    calls.add_own(Method::post, "/_sandbox/clients/{id}",
                  [desk](const Request& request) { return set_standing(desk, request); });
    calls.add_own(Method::post, "/_sandbox/users/{address}/password-change",
                  [desk](const Request& request) { return change_password(desk, request); });
    calls.add_own(Method::post, "/_sandbox/keys/rotate", [desk](const Request&) { return rotate_keys(desk); });
}

}  // namespace inboxpro::sandbox::oauth
