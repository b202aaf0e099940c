#pragma once
#include <boost/json/value.hpp>
#include <expected>
#include <string>

#include "base/clock.h"
#include "http/server/message.h"

namespace inboxpro::sandbox {

/// Calendar, an API of the older kind, leaves out what the newer ones add to an error.
enum class ErrorStyle {
    rpc,      ///< With `status`, and `details` where there are any: Gmail, People.
    classic,  ///< Without, except for a refusal by the gate that all Google APIs share, which has details: Calendar.
};
/// By the name of a call or method: "calendar.events.get" is classic.
ErrorStyle error_style_of(std::string_view call);

/// A refusal as Google's APIs write it: {"error":{"code","message","errors":[{…}],"status"?,"details"?}}.
struct GoogleError {
    int code = 400;
    std::string reason;             ///< errors[0].reason: what clients decide on.
    std::string message;            ///< Of the error as a whole.
    std::string detail = {};        ///< errors[0].message; empty: the message.
    std::string domain = "global";  ///< errors[0].domain
    std::string location = {};      ///< errors[0].location, a header's name; empty: none.
    std::string location_type = "header";
    boost::json::array details = {};  ///< google.rpc details; left out when empty.
    std::string status = {};          ///< google.rpc.Code; empty: the one that belongs to `code`.
};

/// What an API method answers: its JSON, null for 204.
using Answer = std::expected<boost::json::value, GoogleError>;

http::Response to_response(const GoogleError& error, ErrorStyle style = ErrorStyle::rpc);
http::Response to_response(Answer answer, ErrorStyle style = ErrorStyle::rpc);

namespace refusal {
std::unexpected<GoogleError> not_found();                            ///< 404 notFound
std::unexpected<GoogleError> invalid_argument(std::string message);  ///< 400 invalidArgument
std::unexpected<GoogleError> bad_request(std::string message);       ///< 400 badRequest
/// 400 failedPrecondition
std::unexpected<GoogleError> failed_precondition(std::string message, boost::json::array details = {});
std::unexpected<GoogleError> forbidden(std::string message);  ///< 403 forbidden
std::unexpected<GoogleError> invalid_credentials();           ///< 401 authError
/// 403 insufficientPermissions; `method` as "gmail.users.drafts.send", whose service is gmail.googleapis.com.
std::unexpected<GoogleError> insufficient_scope(std::string_view method);
/// 403 or 429 as Gmail's per-user limit comes: without Retry-After, the time at the end of the message.
std::unexpected<GoogleError> rate_limited(int code, std::string_view reason, TimePoint again);
/// 403 or 429 as Calendar says it: never when to come back.
std::unexpected<GoogleError> rate_limited(int code, std::string_view reason);
/// 429 as Gmail refuses calls that one user makes at the same time.
std::unexpected<GoogleError> too_many_at_once();
}  // namespace refusal

}  // namespace inboxpro::sandbox
