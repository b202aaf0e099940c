#include "http/public/push_routes.h"

namespace inboxpro::http {
namespace {

constexpr std::string_view kBearer = "Bearer ";

Response refused(const Error& error) {
    if (error.kind != ErrorKind::invalid) return error_response(error);
    auto response = error_response(401, "unauthenticated", "A token that Google signed is needed.");
    response.headers.add("WWW-Authenticate", "Bearer");
    return response;
}

Task<Response> take(PushNotices& notices, Request request) {
    if (request.body.size() > kLargestPush) co_return error_response(413, "too_large", "The notice is too large.");
    const auto authorization = request.headers.get("Authorization");
    if (!authorization.starts_with(kBearer)) co_return refused({.kind = ErrorKind::invalid, .detail = {}});
    const auto taken =
        co_await notices.take(Secret{Bytes(authorization.substr(kBearer.size()))}, std::move(request.body));
    if (!taken) co_return refused(taken.error());
    co_return Response{.status = 204, .headers = {}, .body = {}};
}

}  // namespace

void add_push_routes(Router& router, PushNotices& notices) {
    router.add(Method::post, "/google/push", [&](Request request) { return take(notices, std::move(request)); });
}

}  // namespace inboxpro::http
