#include "sandbox/batch/inner_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/server/head.h"
#include "http/server/text.h"
#include "sandbox/gmail/header.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::array kMethods = {http::Method::get, http::Method::post, http::Method::put, http::Method::patch,
                                 http::Method::del};

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 204: return "No Content";
        case 308: return "Resume Incomplete";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 429: return "Too Many Requests";
        default: return status >= 500 ? "Internal Server Error" : "Unknown";
    }
}

std::string_view without_line_end(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::optional<http::Method> method_named(std::string_view name) {
    const auto* found = std::ranges::find(kMethods, name, http::name_of);
    return found == kMethods.end() ? std::nullopt : std::optional(*found);
}

void take_over_headers(const http::Request& outer, http::Request& into) {
    for (const auto& [name, value] : outer.headers) {
        const bool of_the_body = http::same_ignoring_case(std::string_view(name).substr(0, 8), "Content-") ||
                                 http::same_ignoring_case(name, "Transfer-Encoding");
        if (!of_the_body && !into.headers.has(name)) into.headers.add(name, value);
    }
}

}  // namespace

std::expected<http::Request, GoogleError> read_inner_call(std::string_view content, const http::Request& outer) {
    auto line = without_line_end(http::take_until(content, '\n'));
    const auto method = method_named(http::take_until(line, ' '));
    const auto target = http::take_until(line, ' ');
    if (!method) return refusal::bad_request("Failed to parse batch request: unknown method");
    if (!target.starts_with('/') || target.starts_with("//"))
        return refusal::bad_request("Failed to parse batch request: the URL of a call is a path");

    http::Request request{.method = *method};
    if (http::read_target(target, request)) return refusal::bad_request("Failed to parse batch request: bad path");
    const auto header = gmail::split_header(content);
    for (const auto& field : header.fields)
        if (!field.name.empty()) request.headers.add(std::string(field.name), std::string(http::trimmed(field.value)));
    auto body = header.rest;
    if (body.starts_with('\r')) body.remove_prefix(1);
    if (body.starts_with('\n')) body.remove_prefix(1);
    request.body = body;
    request.client_ip = outer.client_ip;
    request.request_id = outer.request_id;
    request.secure = outer.secure;
    take_over_headers(outer, request);
    return request;
}

std::string inner_answer(const http::Response& response) {
    auto text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
    for (const auto& [name, value] : response.headers) text += fmt::format("{}: {}\r\n", name, value);
    return text + fmt::format("Content-Length: {}\r\n\r\n", response.body.size()) + response.body;
}

}  // namespace inboxpro::sandbox
