#include "sandbox/google_error.h"

#include <boost/json/serialize.hpp>

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

/// google.rpc.Code, by the HTTP status it is mapped from.
std::string_view status_name(int code) {
    switch (code) {
        case 400: return "INVALID_ARGUMENT";
        case 401: return "UNAUTHENTICATED";
        case 403: return "PERMISSION_DENIED";
        case 404: return "NOT_FOUND";
        case 409: return "ALREADY_EXISTS";
        case 429: return "RESOURCE_EXHAUSTED";
        case 503: return "UNAVAILABLE";
        case 504: return "DEADLINE_EXCEEDED";
        default: return code >= 500 ? "INTERNAL" : "FAILED_PRECONDITION";
    }
}

std::unexpected<GoogleError> plain(int code, std::string_view reason, std::string message) {
    return std::unexpected(GoogleError{.code = code, .reason = std::string(reason), .message = std::move(message)});
}

}  // namespace

ErrorStyle error_style_of(std::string_view call) {
    return call.starts_with("calendar.") ? ErrorStyle::classic : ErrorStyle::rpc;
}

http::Response to_response(const GoogleError& error, ErrorStyle style) {
    json::object entry{{"message", error.detail.empty() ? error.message : error.detail},
                       {"domain", error.domain},
                       {"reason", error.reason}};
    if (!error.location.empty()) {
        entry["location"] = error.location;
        entry["locationType"] = error.location_type;
    }
    json::object body{{"code", error.code}, {"message", error.message}, {"errors", json::array{std::move(entry)}}};
    if (style == ErrorStyle::rpc || !error.details.empty())
        body["status"] = error.status.empty() ? status_name(error.code) : error.status;
    if (!error.details.empty()) body["details"] = error.details;
    auto response = http::Response::json(error.code, json::serialize(json::object{{"error", std::move(body)}}));
    if (error.code == 401)
        response.headers.add("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\", error=invalid_token");
    return response;
}

http::Response to_response(Answer answer, ErrorStyle style) {
    if (!answer) return to_response(answer.error(), style);
    if (answer->is_null()) return http::Response{.status = 204, .headers = {}, .body = {}};
    return http::Response::json(200, json::serialize(*answer));
}

namespace refusal {

std::unexpected<GoogleError> not_found() {
    return plain(404, "notFound", "Requested entity was not found.");
}

std::unexpected<GoogleError> invalid_argument(std::string message) {
    return plain(400, "invalidArgument", std::move(message));
}

std::unexpected<GoogleError> bad_request(std::string message) {
    return plain(400, "badRequest", std::move(message));
}

std::unexpected<GoogleError> failed_precondition(std::string message, json::array details) {
    return std::unexpected(GoogleError{.code = 400,
                                       .reason = "failedPrecondition",
                                       .message = std::move(message),
                                       .details = std::move(details),
                                       .status = "FAILED_PRECONDITION"});
}

std::unexpected<GoogleError> forbidden(std::string message) {
    return plain(403, "forbidden", std::move(message));
}

std::unexpected<GoogleError> invalid_credentials() {
    return std::unexpected(
        GoogleError{.code = 401, .reason = "authError", .message = "Invalid Credentials", .location = "Authorization"});
}

std::unexpected<GoogleError> insufficient_scope(std::string_view method) {
    const auto service = fmt::format("{}.googleapis.com", method.substr(0, method.find('.')));
    json::object info{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                      {"reason", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
                      {"domain", "googleapis.com"},
                      {"metadata", {{"service", service}, {"method", method}}}};
    return std::unexpected(GoogleError{.code = 403,
                                       .reason = "insufficientPermissions",
                                       .message = "Request had insufficient authentication scopes.",
                                       .detail = "Insufficient Permission",
                                       .details = {std::move(info)}});
}

std::unexpected<GoogleError> rate_limited(int code, std::string_view reason, TimePoint again) {
    return std::unexpected(GoogleError{.code = code,
                                       .reason = std::string(reason),
                                       .message = "User-rate limit exceeded.  Retry after " + to_rfc3339(again),
                                       .domain = "usageLimits"});
}

std::unexpected<GoogleError> rate_limited(int code, std::string_view reason) {
    return std::unexpected(GoogleError{.code = code,
                                       .reason = std::string(reason),
                                       .message = reason == "quotaExceeded" ? "Calendar usage limits exceeded."
                                                  : reason == "userRateLimitExceeded" ? "User Rate Limit Exceeded"
                                                                                      : "Rate Limit Exceeded",
                                       .domain = "usageLimits"});
}

std::unexpected<GoogleError> too_many_at_once() {
    return std::unexpected(GoogleError{.code = 429,
                                       .reason = "rateLimitExceeded",
                                       .message = "Too many concurrent requests for user",
                                       .domain = "usageLimits"});
}

}  // namespace refusal

}  // namespace inboxpro::sandbox
