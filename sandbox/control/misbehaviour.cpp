#include "sandbox/control/misbehaviour.h"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "sandbox/google_error.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{60'000};

Task<void> wait(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

Task<void> break_off(http::BodyStream&) {
    throw std::runtime_error("this answer is cut off on purpose");
    co_return;
}

/// The server closes the connection in the middle of the answer: the client never learns what it said.
http::Response cut_off() {
    http::Response response;
    response.stream = break_off;
    return response;
}

http::Response rate_limited(const Hit& hit, ErrorStyle style, TimePoint now) {
    const auto pause = hit.fault.delay.count() > 0 ? hit.fault.delay : kRetryAfter;
    const int status = hit.fault.status != 0 ? hit.fault.status : hit.number % 2 == 0 ? 429 : 403;
    const auto* reason = status == 403 ? "userRateLimitExceeded" : "rateLimitExceeded";
    auto response = style == ErrorStyle::classic
                        ? to_response(refusal::rate_limited(status, reason).error(), style)
                        : to_response(refusal::rate_limited(status, reason, now + pause).error());
    if (hit.fault.retry_after)
        response.headers.add("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count()));
    return response;
}

http::Response with_status(int status, ErrorStyle style) {
    if (status == 401) return to_response(refusal::invalid_credentials().error(), style);
    if (status == 404) return to_response(refusal::not_found().error(), style);
    const bool ours = status >= 500;
    return to_response(GoogleError{.code = status,
                                   .reason = ours ? "backendError" : "badRequest",
                                   .message = ours ? "Backend Error" : "Bad Request"},
                       style);
}

http::Response proxy_page() {
    return http::Response::html(
        502,
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
        "Gateway</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n");
}

http::Response garbled(const http::Response& answer, std::uint64_t turn) {
    const bool breaks_off = turn % 2 == 0 && answer.body.size() > 2;
    return http::Response::json(200, breaks_off ? answer.body.substr(0, answer.body.size() / 2) : "upstream said: ok");
}

http::Response failure(const Hit& hit, const GoogleCall& call, TimePoint now) {
    using enum Fault::Kind;
    const auto style = error_style_of(call.name);
    switch (hit.fault.kind) {
        case rate_limit: return rate_limited(hit, style, now);
        case html: return proxy_page();
        case scope_lost: return to_response(refusal::insufficient_scope(call.name).error());
        case history_expired: return to_response(refusal::not_found().error(), style);
        case dead_grant:
            return http::Response::json(
                400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})");
        default: return with_status(hit.fault.status, style);
    }
}

bool is_refresh(const http::Request& request) {
    return request.body.contains("grant_type=refresh_token");
}

/// Empty when this kind lets the call go its way, perhaps after something else happened.
std::optional<http::Response> serve_otherwise(const Hit& hit, const GoogleCall& call, const CallGates& gates,
                                              User* user, const http::Request& request) {
    using enum Fault::Kind;
    switch (hit.fault.kind) {
        case draft_edited:
        case draft_deleted:
        case draft_sent:
        case draft_resubjected:
            if (user != nullptr) gates.meddle(hit.fault.kind, *user, request);
            return call.reply(request, {});
        case history_lag: return call.reply(request, {.lag = hit.fault.delay});
        case malformed: return garbled(call.reply(request, {}), hit.number);
        case dead_grant:
            if (!is_refresh(request)) return call.reply(request, {});
            return std::nullopt;
        default: return std::nullopt;
    }
}

}  // namespace

Task<http::Response> misbehave(Hit hit, const GoogleCall& call, const CallGates& gates, User* user,
                               http::Request request) {
    using enum Fault::Kind;
    if (auto served = serve_otherwise(hit, call, gates, user, request)) co_return std::move(*served);
    const auto kind = hit.fault.kind;
    http::Response response;
    if (kind == reset_after_effect || kind == delay || hit.fault.after_effect) response = call.reply(request, {});
    if (kind != rate_limit && hit.fault.delay.count() > 0) co_await wait(hit.fault.delay);
    if (kind == delay) co_return response;
    if (kind == timeout || kind == reset_after_effect) co_return cut_off();
    co_return failure(hit, call, gates.clock.now());
}

}  // namespace inboxpro::sandbox
