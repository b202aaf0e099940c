#pragma once
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace inboxpro {

/// What a refusal of a Google API means for the caller: the one decision table. The reasons in the body decide, then
/// the status. The detail begins with the reason and holds nothing else of the body.
///
///   invalid       400 badRequest, invalidArgument, other 4xx: never ask this again.
///   denied        authError (401): refresh once, repeat once.
///                 insufficientPermissions, ACCESS_TOKEN_SCOPE_INSUFFICIENT: ask for consent again.
///                 failedPrecondition, "Mail service not enabled": stop, the account has no Gmail; tell the user.
///                 domainPolicy, any other 403: stop, the user's administrator must allow it.
///                 accessNotConfigured, SERVICE_DISABLED: stop, the operator must enable the API.
///   rate_limited  userRateLimitExceeded, rateLimitExceeded, RESOURCE_EXHAUSTED, as 403 or 429, and any other 429: back
///                 off, until retry_after if there is one.
///                 dailyLimitExceeded, quotaExceeded: stop for hours; retry_after is always there.
///   not_found     404: depends on the call. 410, and EXPIRED_SYNC_TOKEN as 400 or 410: drop the copy and read
///                 anew; what was to be deleted is deleted.
///   conflict      409, 412: read what is there and compare.
///   unavailable   5xx, backendError, 408, 3xx: the effect is unknown, repeat only what may be repeated.
///                 4xx without Google's own error in it (a proxy's page, cut off, empty): the same, it says nothing
///                 about what Google knows. Only 401, 413 and 429 are believed without.
///
/// retry_after is the later of the header and of the "Retry after <time>" that ends Gmail's message.
Error api_error(int status, std::string_view body, std::string_view retry_after, TimePoint now);

/// The detail of Calendar's 410 for what was deleted before.
inline constexpr std::string_view kDeletedBefore = "deleted";

/// The same for the token and revocation endpoints, {"error":"invalid_grant"} (RFC 6749 section 5.2): `denied` for
/// invalid_grant (final: the account must be connected again), invalid_client and unauthorized_client (the operator's
/// set-up is wrong); `unavailable` without such a word.
Error oauth_error(int status, std::string_view body, std::string_view retry_after, TimePoint now);

}  // namespace inboxpro
