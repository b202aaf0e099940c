#include "sandbox/control/routes.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "http/server/text.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

Response answer(int status, const json::value& body) {
    return control_answer(status, body);
}

/// A number of the query; `standard` when it is absent or none.
std::uint64_t number_of(const Request& request, std::string_view name, std::uint64_t standard) {
    const auto text = request.query_value(name).value_or("");
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return text.empty() || failure != std::errc{} ? standard : number;
}

json::object to_json(const Delivery& delivery) {
    return {{"id", std::to_string(delivery.number)},
            {"at", to_rfc3339(delivery.at)},
            {"from", delivery.from},
            {"to", delivery.to},
            {"marker", delivery.marker},
            {"message_id", delivery.message_id},
            {"raw", base64url(delivery.mail->raw)}};
}

Response list_deliveries(const Controls& controls, const Request& request) {
    const auto wanted = [&](std::string_view name, std::string_view value) {
        const auto asked = request.query_value(name);
        return !asked || http::same_ignoring_case(*asked, value);
    };
    const auto limit = number_of(request, "limit", SIZE_MAX - 1);
    auto found = controls.ledger.after(number_of(request, "after", 0), limit + 1, [&](const Delivery& delivery) {
        return wanted("from", delivery.from) && wanted("to", delivery.to) && wanted("marker", delivery.marker) &&
               wanted("message_id", delivery.message_id);
    });
    json::object page;
    if (found.size() > limit) {
        found.pop_back();
        page["next"] = found.empty() ? "0" : std::to_string(found.back().number);
    }
    json::array items;
    for (const auto& delivery : found) items.push_back(to_json(delivery));
    page["items"] = std::move(items);
    return answer(200, page);
}

Response set_faults(const Controls& controls, const Request& request) {
    auto faults = read_faults(request.body, controls.clock.now());
    if (!faults) return http::error_response(faults.error());
    controls.faults.set(std::move(*faults));
    return answer(200, json::object{{"items", controls.faults.report()}});
}

Response move_clock(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    const auto* seconds = body->if_contains("advance_seconds");
    const auto now = from_rfc3339(text_in(*body, "now"));
    if (seconds != nullptr && seconds->is_number() && std::abs(seconds->to_number<double>()) < 1e10)
        controls.clock.advance(
            std::chrono::milliseconds{static_cast<std::int64_t>(seconds->to_number<double>() * 1000)});
    else if (now)
        controls.clock.set(*now);
    else
        return http::error_response(
            {.kind = ErrorKind::invalid, .detail = "Give advance_seconds as a number, or now as an RFC 3339 time."});
    return answer(200, json::object{{"now", to_rfc3339(controls.clock.now())}});
}

json::object to_json(const LoggedCall& call) {
    return {{"id", std::to_string(call.number)}, {"api", call.api},       {"user", call.user},
            {"at", to_rfc3339(call.at)},         {"status", call.status}, {"units", call.units}};
}

/// `since` is the id of an item or an RFC 3339 time.
Response list_calls(const Controls& controls, const Request& request) {
    const auto since = from_rfc3339(request.query_value("since").value_or(""));
    const auto user = request.query_value("user");
    const auto api = in_dots(request.query_value("api").value_or(""));
    const auto wanted = [&](const auto& call) {
        return (!user || http::same_ignoring_case(call.user, *user)) &&
               (api == ".." || in_dots(call.api).contains(api));
    };
    json::array items, counts;
    for (const auto& call : controls.log.after(
             since ? 0 : number_of(request, "since", 0),
             [&](const LoggedCall& logged) { return (!since || logged.at >= *since) && wanted(logged); }))
        items.push_back(to_json(call));
    for (const auto& count : controls.log.counts())
        if (wanted(count))
            counts.push_back(
                json::object{{"api", count.api}, {"user", count.user}, {"calls", count.calls}, {"units", count.units}});
    return answer(200, json::object{{"items", std::move(items)},
                                    {"counts", std::move(counts)},
                                    {"last", std::to_string(controls.log.last_number())}});
}

json::object to_json(const User& user) {
    json::array aliases;
    for (const auto& alias : user.aliases)
        aliases.push_back(json::object{{"address", alias.address}, {"name", alias.name}, {"verified", alias.verified}});
    return {
        {"address", user.address}, {"name", user.name}, {"time_zone", user.time_zone}, {"aliases", std::move(aliases)}};
}

std::vector<Alias> aliases_in(const json::object& from) {
    std::vector<Alias> aliases;
    const auto* list = from.if_contains("aliases");
    if (list == nullptr || !list->is_array()) return aliases;
    for (const auto& entry : list->get_array()) {
        if (!entry.is_object()) continue;
        const auto* verified = entry.get_object().if_contains("verified");
        aliases.push_back({.address = text_in(entry.get_object(), "address"),
                           .name = text_in(entry.get_object(), "name"),
                           .verified = verified == nullptr || !verified->is_bool() || verified->get_bool()});
    }
    return aliases;
}

Response list_users(const Controls& controls) {
    json::array items;
    for (const auto* user : controls.users.all()) items.push_back(to_json(*user));
    return answer(200, json::object{{"items", std::move(items)}});
}

Response add_user(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    auto time_zone = text_in(*body, "time_zone");
    if (time_zone.empty()) time_zone = "Etc/UTC";
    const auto user =
        controls.users.add(text_in(*body, "address"), text_in(*body, "name"), aliases_in(*body), std::move(time_zone));
    return user ? answer(201, to_json(**user)) : http::error_response(user.error());
}

}  // namespace

Response control_answer(int status, const json::value& body) {
    return Response::json(status, json::serialize(body));
}

void add_control_routes(Calls& calls, Controls controls) {
    const auto add = [&](Method method, std::string_view path, auto reply) {
        calls.add_own(method, path,
                      [controls, reply](const Request& request) { return Response(reply(controls, request)); });
    };
    add(Method::get, "/_sandbox/deliveries", list_deliveries);
    add(Method::get, "/_sandbox/faults",
        [](const Controls& all, const Request&) { return answer(200, json::object{{"items", all.faults.report()}}); });
    add(Method::post, "/_sandbox/faults", set_faults);
    add(Method::get, "/_sandbox/clock", [](const Controls& all, const Request&) {
        return answer(200, json::object{{"now", to_rfc3339(all.clock.now())}});
    });
    add(Method::post, "/_sandbox/clock", move_clock);
    add(Method::get, "/_sandbox/calls", list_calls);
    add(Method::get, "/_sandbox/users", [](const Controls& all, const Request&) { return list_users(all); });
    add(Method::post, "/_sandbox/users", add_user);
}

}  // namespace inboxpro::sandbox
