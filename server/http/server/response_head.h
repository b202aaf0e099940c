#pragma once
#include <string>
#include <string_view>

#include "http/server/message.h"

namespace inboxpro::http {

/// What the server adds to every answer.
struct AnswerFacts {
    std::string_view date;
    std::string_view request_id;
    bool secure = false;      ///< Then browsers are told to stay with https for a year (RFC 6797).
    bool keeps_open = false;  ///< Another request may follow on the connection.
    bool chunked = false;
};

/// False when a header name or value could not be sent as it is, because it would end its line.
bool is_sendable(const Response& response);

/// Appends the status line and all headers. Date, Connection, Content-Length and Transfer-Encoding are the server's; a
/// handler's are left out.
void append_head(std::string& out, const Response& response, const AnswerFacts& facts);

/// Whether an answer with this status has a body at all (RFC 9110 6.4.1).
bool may_have_body(int status);

}  // namespace inboxpro::http
