#include <boost/json/serialize.hpp>

#include "sandbox/json.h"
#include "sandbox/people/api.h"

namespace inboxpro::sandbox::people {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMostOfANumber = 1'000'000;

http::Response show(Behaviour& behaviour) {
    const auto delay = std::chrono::duration_cast<std::chrono::seconds>(behaviour.propagation());
    return http::Response::json(
        200, json::serialize(json::object{{"propagation_seconds", delay.count()},
                                          {"full_syncs_per_minute", behaviour.full_syncs().units_per_minute()}}));
}

/// The number, -1 for what is none of our range, empty when absent.
std::optional<std::int64_t> number_in(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    if (value == nullptr) return {};
    const bool fine = value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= kMostOfANumber;
    return fine ? value->get_int64() : -1;
}

http::Response set(Behaviour& behaviour, const http::Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    const auto delay = number_in(*body, "propagation_seconds"), syncs = number_in(*body, "full_syncs_per_minute");
    if (delay == -1 || syncs == -1)
        return http::error_response(fail_field(delay == -1 ? "propagation_seconds" : "full_syncs_per_minute",
                                               "Give a whole number from 0 to 1000000.")
                                        .error());
    if (delay) behaviour.set_propagation(std::chrono::seconds{*delay});
    if (syncs) behaviour.full_syncs().set_units_per_minute(static_cast<int>(*syncs));
    return show(behaviour);
}

}  // namespace

void add_control_routes(Calls& calls, Behaviour& behaviour) {
    calls.add_own(http::Method::get, "/_sandbox/people",
                  [&behaviour](const http::Request&) { return show(behaviour); });
    calls.add_own(http::Method::post, "/_sandbox/people",
                  [&behaviour](const http::Request& request) { return set(behaviour, request); });
}

}  // namespace inboxpro::sandbox::people
