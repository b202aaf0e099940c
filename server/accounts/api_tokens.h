#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/documents.h"
#include "vault/blind_index.h"

namespace inboxpro {

using ApiTokenId = Id<struct ApiTokenTag>;

/// A key that a program of the user's presents instead of signing in.
struct ApiToken {
    ApiTokenId id;  ///< A keyed hash of the bearer text.
    AccountId account;
    std::string name;              ///< The user's own word for it.
    std::set<std::string> scopes;  ///< What it may do; see http/api/gate.h.
    TimePoint created_at;
    std::optional<TimePoint> last_used_at;  ///< Right to a minute.
};

extern const Collection kApiTokens;

/// Bearer tokens "ipx_" + 256 random bits in base64url. Only a keyed hash is stored. They do not end by themselves.
/// Thread-safe.
class ApiTokens {
  public:
    struct Issued {
        Secret value;  ///< To be shown once.
        ApiToken token;
    };

    ApiTokens(Documents& documents, const BlindIndex& index, const Clock& clock, Random& random)
        : documents_(documents), index_(index), clock_(clock), random_(random) {}

    Task<Result<Issued>> issue(AccountId account, std::string name, std::set<std::string> scopes);
    /// `denied` when it is not, or no longer, one of ours.
    Task<Result<ApiToken>> find(Secret value);
    /// Newest first.
    Task<Result<std::vector<ApiToken>>> list(AccountId account);
    /// `not_found` when the account has no such token.
    Task<Result<void>> revoke(AccountId account, ApiTokenId token);
    Task<Result<void>> revoke_all(AccountId account);

  private:
    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace inboxpro
