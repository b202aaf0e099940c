#include "http/public/push_routes.h"

#include "http/api/gate.h"

namespace inboxpro::http {
namespace {

Response refused(const Error& error) {
    if (error.kind != ErrorKind::invalid) return error_response(error);
    auto response = error_response(401, "unauthenticated", "A token that Google signed is needed.");
    response.headers.add("WWW-Authenticate", "Bearer");
    return response;
}

Task<Response> take(PushNotices& notices, Request request) {
    if (request.body.size() > kLargestPush) co_return error_response(413, "too_large", "The notice is too large.");
    auto bearer = bearer_of(request);
    if (!bearer) co_return refused({.kind = ErrorKind::invalid, .detail = {}});
    const auto taken = co_await notices.take(std::move(*bearer), std::move(request.body));
    if (!taken) co_return refused(taken.error());
    co_return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

void add_push_routes(Router& router, PushNotices& notices) {
    router.add(Method::post, "/google/push", [&](Request request) { return take(notices, std::move(request)); });
}

}  // namespace inboxpro::http
