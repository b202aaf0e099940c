#include "sandbox/calls.h"

#include "sandbox/control/misbehaviour.h"
#include "sandbox/google_error.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {
namespace {

/// 0 for an answer that breaks off.
int status_of(const http::Response& response) {
    return response.stream ? 0 : response.status;
}

Task<http::Response> serve(const GoogleCall& call, const CallGates& gates, http::Request request) {
    const auto now = gates.clock.now();
    auto* user = gates.who(request);
    LoggedCall logged{.api = call.name, .user = user == nullptr ? "" : user->address, .at = now, .units = call.units};
    auto hit = gates.faults.next(call.name_in_dots, now);
    auto response =
        hit ? co_await misbehave(std::move(*hit), call, gates, user, std::move(request)) : call.reply(request, {});
    logged.status = status_of(response);
    gates.log.add(std::move(logged));
    co_return response;
}

http::Response refuse_in_crowd(const GoogleCall& call, const CallGates& gates, const http::Request& request) {
    const auto* user = gates.who(request);
    gates.log.add({.api = call.name,
                   .user = user == nullptr ? "" : user->address,
                   .at = gates.clock.now(),
                   .status = 429,
                   .units = call.units});
    return to_response(refusal::too_many_at_once().error());
}

Task<http::Response> enter_and_serve(const GoogleCall& call, const CallGates& gates, http::Request request) {
    const auto* user = gates.crowd.limit() == 0 ? nullptr : gates.who(request);
    const auto place = gates.crowd.enter(user == nullptr ? "" : user->address);
    if (!place) co_return refuse_in_crowd(call, gates, request);
    co_return co_await serve(call, gates, std::move(request));
}

}  // namespace

std::string Origin::text() const {
    const std::lock_guard lock(mutex_);
    return text_;
}

void Origin::set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
}

void Calls::add(std::string_view name, http::Method method, std::string_view path, Reply reply) {
    add(
        name, method, path,
        [reply = std::move(reply)](const http::Request& request, const Circumstances&) { return reply(request); }, 0);
}

void Calls::add(std::string_view name, http::Method method, std::string_view path, CircumstancedReply reply,
                int units) {
    const auto call =
        std::make_shared<const GoogleCall>(GoogleCall{std::string(name), in_dots(name), units, std::move(reply)});
    router_.add(method, path, [call, &gates = gates_](http::Request request) {
        return enter_and_serve(*call, gates, std::move(request));
    });
    inner_.add(method, path,
               [call, &gates = gates_](http::Request request) { return serve(*call, gates, std::move(request)); });
}

void Calls::add_own(http::Method method, std::string_view path, Reply reply) {
    router_.add(method, path, [reply = std::move(reply)](http::Request request) -> Task<http::Response> {
        co_return reply(request);
    });
}

void Calls::add_own(http::Method method, std::string_view path, http::Handler handler) {
    router_.add(method, path, std::move(handler));
}

}  // namespace inboxpro::sandbox
