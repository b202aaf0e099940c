#pragma once
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace inboxpro {

/// What a refusal of a Google API means for the caller. The reason in the body decides, then the status:
/// `invalid`       badRequest, invalidArgument: never again;
/// `denied`        authError (401: refresh once), insufficientPermissions (ask consent again), domainPolicy, a Google
///                 account without Gmail (failedPrecondition), any other 403;
/// `rate_limited`  userRateLimitExceeded, rateLimitExceeded, dailyLimitExceeded, quotaExceeded, as 403 or as 429, with
///                 retry_after from the header or from the "Retry after <time>" that ends Gmail's message, the later;
/// `not_found` 404, 410; `conflict` 409, 412; `unavailable` 5xx, backendError and whatever is not understood.
/// The detail begins with the reason and holds nothing else of the body.
Error api_error(int status, std::string_view body, std::string_view retry_after, TimePoint now);

/// The same for the token and revocation endpoints, {"error":"invalid_grant"} (RFC 6749 section 5.2).
Error oauth_error(int status, std::string_view body, std::string_view retry_after, TimePoint now);

}  // namespace inboxpro
