#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/calendar/api.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

Response answer(int status, const json::value& body) {
    return Response::json(status, json::serialize(body));
}

Result<std::map<std::string, Role>> access_in(const json::value& list) {
    std::map<std::string, Role> access;
    if (!list.is_array()) return fail_field("access", "Access is a list of {address, role}.");
    for (const auto& entry : list.get_array()) {
        if (!entry.is_object()) return fail_field("access", "Access is a list of {address, role}.");
        const auto role = to_role(text_in(entry.get_object(), "role"));
        const auto address = text_in(entry.get_object(), "address");
        if (!role || !is_address(address))
            return fail_field("access",
                              "A role is freeBusyReader, reader, writer or owner, and is given to an address.");
        access[http::lower_case(address)] = *role;
    }
    return access;
}

Result<json::object> add(Calendars& calendars, Users& users, const Request& request) {
    const auto body = TRY(read_object(request.body));
    auto* owner = users.find(text_in(body, "owner"));
    if (owner == nullptr) return fail_field("owner", "The owner is the address of a user.");
    Calendars::Wish wish{
        .id = text_in(body, "id"), .summary = text_in(body, "summary"), .time_zone = text_in(body, "time_zone")};
    if (const auto* list = body.if_contains("access")) wish.access = TRY(access_in(*list));
    return calendars.add(*owner, std::move(wish));
}

json::object limits_of(Calendars& calendars, const Quota& quota) {
    return {{"units_per_minute", quota.units_per_minute()}, {"invitations_per_day", calendars.invitations_per_day()}};
}

Result<json::object> set_limits(Calendars& calendars, Quota& quota, const Request& request) {
    const auto body = TRY(read_object(request.body));
    const auto number = [&](std::string_view name, int present) -> Result<int> {
        const auto* value = body.if_contains(name);
        if (value == nullptr) return present;
        if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > 1'000'000'000)
            return fail_field(std::string(name), "A limit is a whole number; 0 is none.");
        return static_cast<int>(value->get_int64());
    };
    const auto units = TRY(number("units_per_minute", quota.units_per_minute()));
    const auto invitations = TRY(number("invitations_per_day", calendars.invitations_per_day()));
    quota.set_units_per_minute(units);
    calendars.set_invitations_per_day(invitations);
    return limits_of(calendars, quota);
}

}  // namespace

void add_control_routes(Calls& calls, Calendars& calendars, Users& users, Quota& quota) {
    calls.add_own(Method::get, "/_sandbox/calendars",
                  [&calendars](const Request&) { return answer(200, json::object{{"items", calendars.report()}}); });
    calls.add_own(Method::post, "/_sandbox/calendars", [&calendars, &users](const Request& request) {
        const auto added = add(calendars, users, request);
        return added ? answer(201, *added) : http::error_response(added.error());
    });
    calls.add_own(Method::post, "/_sandbox/calendar/expire-sync", [&calendars](const Request&) {
        calendars.expire_sync_tokens();
        return answer(200, json::object{});
    });
    calls.add_own(Method::get, "/_sandbox/calendar/quota",
                  [&calendars, &quota](const Request&) { return answer(200, limits_of(calendars, quota)); });
    calls.add_own(Method::post, "/_sandbox/calendar/quota", [&calendars, &quota](const Request& request) {
        const auto set = set_limits(calendars, quota, request);
        return set ? answer(200, *set) : http::error_response(set.error());
    });
}

}  // namespace inboxpro::sandbox::calendar
