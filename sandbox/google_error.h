#pragma once
#include <boost/json/value.hpp>
#include <expected>
#include <string>

#include "base/clock.h"
#include "http/server/message.h"

namespace inboxpro::sandbox {

/// A refusal as Google's APIs write it: {"error":{"code","message","errors":[{…}],"status","details"?}}.
struct GoogleError {
    int code = 400;
    std::string reason;               ///< errors[0].reason: what clients decide on.
    std::string message;              ///< Of the error as a whole.
    std::string detail = {};          ///< errors[0].message; empty: the message.
    std::string domain = "global";    ///< errors[0].domain
    std::string location = {};        ///< errors[0].location, a header's name; empty: none.
    boost::json::array details = {};  ///< google.rpc details; left out when empty.
    std::string status = {};          ///< google.rpc.Code; empty: the one that belongs to `code`.
};

/// What an API method answers: its JSON, null for 204.
using Answer = std::expected<boost::json::value, GoogleError>;

http::Response to_response(const GoogleError& error);
http::Response to_response(Answer answer);

namespace refusal {
std::unexpected<GoogleError> not_found();                            ///< 404 notFound
std::unexpected<GoogleError> invalid_argument(std::string message);  ///< 400 invalidArgument
std::unexpected<GoogleError> bad_request(std::string message);       ///< 400 badRequest
/// 400 failedPrecondition
std::unexpected<GoogleError> failed_precondition(std::string message, boost::json::array details = {});
std::unexpected<GoogleError> forbidden(std::string message);  ///< 403 forbidden
std::unexpected<GoogleError> invalid_credentials();           ///< 401 authError
/// 403 insufficientPermissions; `service` as "gmail.googleapis.com".
std::unexpected<GoogleError> insufficient_scope(std::string_view service, std::string_view method);
/// 403 or 429 as Gmail's per-user limit comes: without Retry-After, the time at the end of the message.
std::unexpected<GoogleError> rate_limited(int code, std::string_view reason, TimePoint again);
/// 429 as Gmail refuses calls that one user makes at the same time.
std::unexpected<GoogleError> too_many_at_once();
}  // namespace refusal

}  // namespace inboxpro::sandbox
