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

    /// Gives back the permission to read mail, and with it, because Google ends all at once, every other one: the
    /// account must be connected again, and is then asked for what it had besides. Sessions and tokens of ours stay.
    /// `invalid` when the account has no such permission; `unavailable` when Google did not confirm, and then
    /// repeating it does no harm.
    Task<Result<void>> give_back_mail(AccountId account);

  private:
    /// Ends it at Google. Whoever does not know the token any more has ended it already.
    Task<Result<void>> revoke(Secret token);
    /// The refresh token that was taken out of the account, if it had one.
    Task<Result<std::optional<Secret>>> take_token(AccountId account);

    Accounts& accounts_;
    GoogleAccess& google_;
    Sessions& sessions_;
    ApiTokens& tokens_;
    std::function<Task<void>(AccountId)> leaving_;
};

}  // namespace inboxpro
