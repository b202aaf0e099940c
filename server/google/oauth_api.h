#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"
#include "google/scopes.h"

namespace inboxpro {

struct TokenGrant {
    Secret access_token;
    TimePoint expires_at;
    std::optional<Secret> refresh_token;  ///< Absent: keep the one you have.
    std::set<std::string> scopes;
    Secret id_token;  ///< Empty without openid.
    /// When the grant itself ends; absent as a rule. Seven days away when the app is in Testing at Google.
    std::optional<TimePoint> grant_ends_at = {};
};

struct SigningKey {
    std::string id;  ///< kid
    Bytes modulus;   ///< RSA n, big endian
    Bytes exponent;  ///< RSA e, big endian
};
struct SigningKeys {
    std::vector<SigningKey> keys;
    std::chrono::seconds max_age{3600};  ///< From Cache-Control.
};

/// OAuth 2.0 and OpenID Connect. Errors as google/google_api.h says.
class OauthApi {
  public:
    virtual ~OauthApi() = default;

    virtual Task<Result<TokenGrant>> exchange_code(std::string code, Secret code_verifier,
                                                   std::string redirect_uri) = 0;
    virtual Task<Result<TokenGrant>> refresh(Secret refresh_token) = 0;
    virtual Task<Result<void>> revoke(Secret token) = 0;
    virtual Task<Result<SigningKeys>> signing_keys() = 0;
};

}  // namespace inboxpro
