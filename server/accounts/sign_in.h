#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "accounts/account.h"
#include "accounts/google_keys.h"
#include "accounts/id_token.h"
#include "google/endpoints.h"

namespace inboxpro {

extern const Collection kSignIns;

struct SignInSettings {
    std::string client_id;
    std::string authorize;                     ///< Google's authorization page.
    std::string redirect_uri;                  ///< The one address that Google may send browsers back to (QA2).
    std::vector<std::string> allowed_domains;  ///< Workspace domains, or gmail.com; empty: everybody.
    std::chrono::minutes lifetime{10};
    /// Awaited when an account was linked or was given more permissions; may be empty.
    std::function<Task<void>(AccountId)> linked = {};
};

/// Why a browser is sent to Google.
struct SignInIntent {
    enum class Purpose : std::uint8_t {
        sign_in = 1,   ///< Somebody who is known comes back.
        activate = 2,  ///< Somebody accepted the notice and links a Google account, for the first time or again.
        permit = 3     ///< Somebody who is signed in switches a feature on, or reconnects.
    };
    Purpose purpose = Purpose::sign_in;
    std::set<std::string> features;                  ///< Whose permissions are asked for; not with sign_in.
    std::string notice_version;                      ///< Accepted; only with activate.
    TrackingMode tracking_mode = TrackingMode::off;  ///< Chosen; only with activate.
    AccountId account;                               ///< Only with permit.
};

/// Authorization code flow with PKCE (RFC 7636, S256), state and nonce (security QA1, QA3). State is stored as a keyed
/// hash; verifier and nonce are derived from it and from a value that only the browser holds, in a cookie, so that
/// neither the database nor the address alone completes a sign-in. Each is good once, for `lifetime`.
/// Thread-safe. Keeps references to what it is built from.
class SignIn {
  public:
    struct Started {
        std::string url;  ///< Where the browser goes.
        Secret browser;   ///< For its cookie; base64url.
    };
    /// What came to the redirect URI.
    struct Callback {
        std::string state;
        std::string code;
        std::string error;   ///< "access_denied" when the user refused.
        std::string issuer;  ///< `iss`, RFC 9207; empty when absent.
        Secret browser;      ///< From the cookie.
    };
    struct Completed {
        Account account;
        SignInIntent intent;
    };

    SignIn(SignInSettings settings, Documents& documents, Accounts& accounts, GoogleApi& google,
           const BlindIndex& index, const Clock& clock, Random& random)
        : settings_(std::move(settings)),
          documents_(documents),
          accounts_(accounts),
          google_(google),
          keys_(google, clock),
          index_(index),
          clock_(clock),
          random_(random) {}

    /// `invalid` for an unknown feature, and for one with a price unless it is permitted by itself; `not_found` for an
    /// unknown account.
    Task<Result<Started>> start(SignInIntent intent);
    /// Who it is, linked and up to date. Errors, each with a sentence for the user:
    /// `invalid`      the state is missing, foreign, used or expired (Google was not asked then), or Google's answer
    ///                does not prove anything;
    /// `denied`       the user refused, the domain is not allowed, or another Google account was chosen than expected;
    /// `not_found`    nobody activated this Google account, it was disconnected, or the notice is a newer one: it must
    ///                be accepted first;
    /// `conflict`     the address belongs to another account here;
    /// `rate_limited`, `unavailable`  Google or the store does not answer.
    Task<Result<Completed>> complete(Callback callback);

  private:
    std::string authorization_url(const SignInIntent& intent, const std::string& state, const Secret& browser,
                                  const std::optional<Account>& account) const;
    /// The intent behind a state, which is then used up.
    Task<Result<SignInIntent>> take(std::string state, Secret browser);
    Task<Result<GoogleIdentity>> identify(Secret id_token, ExpectedIdToken expected);
    Task<Result<Account>> find(GoogleIdentity identity);
    Task<Result<Account>> linked(SignInIntent intent, GoogleIdentity identity, TokenGrant grant);

    const SignInSettings settings_;
    Documents& documents_;
    Accounts& accounts_;
    GoogleApi& google_;
    GoogleKeys keys_;
    const BlindIndex& index_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace inboxpro
