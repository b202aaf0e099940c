#pragma once
#include "accounts/api_tokens.h"
#include "accounts/google_access.h"
#include "accounts/sessions.h"

namespace inboxpro {

/// Ends an account's link with Google (security QA7): Google's tokens are deleted here and revoked there, and every
/// session and API token of the account ends. What was recorded stays until it is erased.
/// Thread-safe. Keeps references to what it is built from.
class Disconnect {
  public:
    /// `leaving` is awaited first, while Google still answers for the account; may be empty.
    Disconnect(Accounts& accounts, GoogleAccess& google, Sessions& sessions, ApiTokens& tokens,
               std::function<Task<void>(AccountId)> leaving = {})
        : accounts_(accounts), google_(google), sessions_(sessions), tokens_(tokens), leaving_(std::move(leaving)) {}

    /// Everything here is done before Google is asked to revoke. `unavailable` when Google then did not confirm the
    /// revocation: nothing here can use the grant any more, but only the user can remove it at Google.
    Task<Result<void>> disconnect(AccountId account);

  private:
    /// The refresh token that was taken out of the account, if it had one.
    Task<Result<std::optional<Secret>>> take_token(AccountId account);

    Accounts& accounts_;
    GoogleAccess& google_;
    Sessions& sessions_;
    ApiTokens& tokens_;
    std::function<Task<void>(AccountId)> leaving_;
};

}  // namespace inboxpro
