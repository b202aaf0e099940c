#include "http/server/message.h"

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include "http/server/text.h"

namespace inboxpro::http {

namespace {

Response with_type(int status, std::string_view type, std::string body) {
    Response response{.status = status, .headers = {}, .body = std::move(body)};
    response.headers.add("Content-Type", std::string(type));
    return response;
}

int status_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::not_found: return 404;
        case ErrorKind::conflict: return 409;
        case ErrorKind::invalid: return error.field.empty() ? 400 : 422;
        case ErrorKind::denied: return 403;
        case ErrorKind::rate_limited: return 429;
        case ErrorKind::unavailable: return 503;
        case ErrorKind::corrupt: break;
    }
    return 500;
}

std::string error_body(std::string_view code, std::string_view message, std::string_view field) {
    boost::json::object error{{"code", code}, {"message", message}};
    if (!field.empty()) error["field"] = field;
    return boost::json::serialize(boost::json::object{{"error", std::move(error)}});
}

}  // namespace

std::string_view name_of(Method method) {
    static constexpr std::array<std::string_view, 7> kNames = {"GET",   "HEAD",   "POST",   "PUT",
                                                               "PATCH", "DELETE", "OPTIONS"};
    return kNames[static_cast<std::size_t>(method)];
}

void Fields::set(std::string_view name, std::string value) {
    std::erase_if(fields_, [&](const auto& field) { return same_ignoring_case(field.first, name); });
    add(std::string(name), std::move(value));
}

std::string_view Fields::get(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (same_ignoring_case(key, name)) return value;
    return {};
}

bool Fields::has(std::string_view name) const {
    return std::ranges::any_of(fields_, [&](const auto& field) { return same_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query)
        if (key == name) return value;
    return std::nullopt;
}

std::string_view Request::cookie(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (!same_ignoring_case(key, "Cookie")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            std::string_view pair = trimmed(take_until(rest, ';'));
            std::string_view pair_name = take_until(pair, '=');
            if (pair_name == name) return pair;
        }
    }
    return {};
}

Response Response::text(int status, std::string body) {
    return with_type(status, "text/plain; charset=utf-8", std::move(body));
}

Response Response::html(int status, std::string body) {
    return with_type(status, "text/html; charset=utf-8", std::move(body));
}

Response Response::json(int status, std::string body) {
    return with_type(status, "application/json", std::move(body));
}

Response Response::redirect(int status, std::string location) {
    Response response{.status = status, .headers = {}, .body = {}};
    response.headers.add("Location", std::move(location));
    return response;
}

Response error_response(const Error& error) {
    const bool ours = error.kind == ErrorKind::corrupt;
    const std::string_view message = ours ? "Something went wrong on our side." : std::string_view(error.detail);
    auto response = Response::json(
        status_of(error), error_body(ours ? "internal" : name_of(error.kind), message, ours ? "" : error.field));
    if (error.kind == ErrorKind::rate_limited && error.retry_after)
        response.headers.add("Retry-After", std::to_string(error.retry_after->count()));
    return response;
}

Response error_response(int status, std::string_view code, std::string_view message) {
    return Response::json(status, error_body(code, message, {}));
}

Task<Response> at_once(Response response) {
    co_return response;
}

}  // namespace inboxpro::http
