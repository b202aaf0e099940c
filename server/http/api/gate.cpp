#include "http/api/gate.h"

#include <algorithm>

#include "http/api/cookies.h"

namespace inboxpro::http {
namespace {

bool is_reading(Method method) {
    return method == Method::get || method == Method::head || method == Method::options;
}

Response unauthenticated() {
    auto response = error_response(401, "unauthenticated", "Sign in, or send an API token.");
    response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace

std::optional<Secret> bearer_of(const Request& request) {
    constexpr std::string_view kBearer = "Bearer ";
    const auto authorization = request.headers.get("Authorization");
    if (!authorization.starts_with(kBearer)) return {};
    return Secret{Bytes(authorization.substr(kBearer.size()))};
}

Handler Gate::guard(std::string_view scope, GuardedHandler handler) {
    return [this, scope = std::string(scope), handler = std::move(handler)](Request request) {
        return pass(scope, handler, std::move(request));
    };
}

Task<Response> Gate::pass(std::string scope, GuardedHandler handler, Request request) {
    auto caller = co_await caller_of(request);
    if (!caller)
        co_return caller.error().kind == ErrorKind::denied ? unauthenticated() : error_response(caller.error());
    if (caller->by_session && !is_reading(request.method) && !is_ours(request))
        co_return error_response(403, "cross_origin", "This request did not come from InboxPro's own pages.");
    if (!caller->scopes.contains(scope))
        co_return error_response(403, "missing_scope", fmt::format("This API token lacks the scope {}.", scope));
    auto response = co_await handler(std::move(request), std::move(*caller));
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    co_return response;
}

Task<Result<Caller>> Gate::caller_of(const Request& request) {
    if (auto bearer = bearer_of(request)) {
        auto token = CO_TRY(co_await tokens_.find(std::move(*bearer)));
        co_return Caller{.account = token.account, .scopes = std::move(token.scopes), .session = {}};
    }
    const auto cookie = request.cookie(kSessionCookie);
    if (cookie.empty() || !request.headers.get("Authorization").empty())
        co_return fail(ErrorKind::denied, "nobody is signed in");
    const auto session = CO_TRY(co_await sessions_.find(Secret{Bytes(cookie)}));
    co_await traces_.note(session.account, request.client_ip);
    co_return Caller{.account = session.account,
                     .scopes = {std::begin(kAllScopes), std::end(kAllScopes)},
                     .by_session = true,
                     .session = session.id};
}

bool Gate::is_ours(const Request& request) const {
    return request.headers.get("Origin") == app_origin_ && request.headers.get("X-InboxPro") == "1";
}

}  // namespace inboxpro::http
