#include "http/server/response_head.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>

#include "http/server/text.h"

namespace inboxpro::http {

namespace {

void append_number(std::string& out, std::size_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_status_line(std::string& out, int status) {
    namespace beast_http = boost::beast::http;
    const auto known = beast_http::int_to_status(static_cast<unsigned>(status));
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(status));
    out += ' ';
    if (known != beast_http::status::unknown) out += beast_http::obsolete_reason(known);
    out += "\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

bool is_ours(std::string_view name) {
    switch (name.size()) {
        case 4: return same_ignoring_case(name, "Date");
        case 10: return same_ignoring_case(name, "Connection");
        case 14: return same_ignoring_case(name, "Content-Length");
        case 17: return same_ignoring_case(name, "Transfer-Encoding");
        default: return false;
    }
}

}  // namespace

bool is_sendable(const Response& response) {
    return std::ranges::all_of(response.headers, [](const auto& field) {
        return is_token(field.first) && std::ranges::none_of(field.second, is_control);
    });
}

bool may_have_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& out, const Response& response, const AnswerFacts& facts) {
    append_status_line(out, response.status);
    append_field(out, "Date", facts.date);
    for (const auto& [name, value] : response.headers)
        if (!is_ours(name)) append_field(out, name, value);
    append_field(out, "X-Request-Id", facts.request_id);
    append_field(out, "X-Content-Type-Options", "nosniff");
    if (facts.secure) append_field(out, "Strict-Transport-Security", "max-age=31536000");
    if (!facts.keeps_open) append_field(out, "Connection", "close");
    if (facts.chunked) {
        append_field(out, "Transfer-Encoding", "chunked");
    } else if (!response.stream && may_have_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    out += "\r\n";
}

}  // namespace inboxpro::http
