#pragma once
#include "accounts/google_access.h"
#include "app/config.h"
#include "http/client/http_client.h"

namespace inboxpro::app {

// What `inboxpro doctor` looks at between this server and Google. A failure is one plain sentence that says what is
// wrong, and one that says what to do.

/// The form of the redirect URI, as Google's console demands it.
Result<void> check_redirect_uri(const Config& config);
/// All three Pub/Sub settings or none, each of the right form.
Result<void> check_pubsub(const Config& config);
/// Whether Google knows the client and its secret: asks with a refresh token that cannot be right.
Task<Result<void>> check_client(OauthApi& google);
/// Compares this machine's clock with the Date of Google's answer at `url`.
Task<Result<void>> check_clock(HttpClient& http, const Clock& clock, std::string url);
/// How the accounts stand, and, through one of them, whether Gmail may be called at all.
Task<Result<void>> check_accounts(Accounts& accounts, GoogleAccess& google);

/// What an operator should know of accounts that are well: begins with "; ", or is empty.
std::string note_on(const AccountsHealth& health);

}  // namespace inboxpro::app
