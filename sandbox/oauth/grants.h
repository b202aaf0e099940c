#pragma once
#include <expected>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/clock.h"
#include "base/random.h"
#include "sandbox/oauth/clients.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox::oauth {

using Scopes = std::set<std::string, std::less<>>;

inline constexpr std::string_view kOpenId = "openid";
inline constexpr std::string_view kEmail = "https://www.googleapis.com/auth/userinfo.email";
inline constexpr std::string_view kProfile = "https://www.googleapis.com/auth/userinfo.profile";

/// Splits at spaces; "email" and "profile" become Google's full names, under which its answers list them.
Scopes to_scopes(std::string_view text);
std::string to_text(const Scopes& scopes);
/// Sign-in scopes, which nobody can untick.
bool is_sign_in(std::string_view scope);

/// What an application asked for at the authorization endpoint.
struct Wish {
    std::string client_id;
    std::string redirect_uri;
    Scopes scopes;
    bool offline = false;          ///< access_type=offline
    bool asks_consent = false;     ///< prompt=consent
    bool include_granted = false;  ///< include_granted_scopes=true
    std::string code_challenge;    ///< Empty: no PKCE.
    bool challenge_is_plain = false;
    std::string nonce;
};

/// A refusal of the token or revocation endpoint (RFC 6749 5.2) with Google's words.
struct OAuthError {
    int status = 400;
    std::string error;
    std::string description;
};

struct Tokens {
    std::string access_token;
    std::string refresh_token;  ///< Empty: the application keeps the one it has.
    Scopes scopes;
    User* user = nullptr;
    std::string client_id;
    std::string nonce;
    std::optional<std::chrono::seconds> refresh_expires_in;  ///< Only when the grant is limited in time.
};

/// An authorization code and what it will open.
struct IssuedCode {
    std::string code;
    Scopes scopes;
};

/// Whom an access token speaks for.
struct Access {
    std::string client_id;
    User* user = nullptr;
    Scopes scopes;
    TimePoint expires_at{};
    bool offline = false;
};

/// What users granted to applications, and the codes and tokens that came of it. Thread-safe.
class Grants {
  public:
    static constexpr std::chrono::minutes kCodeLife{10};
    static constexpr std::chrono::seconds kAccessLife{3599};
    static constexpr std::chrono::hours kUnusedRefreshLife{183 * 24};
    static constexpr std::chrono::hours kTestingLife{7 * 24};  ///< From consent, in publishing status "Testing".
    static constexpr std::size_t kLiveRefreshTokens = 100;     ///< A user and client; the oldest goes.

    Grants(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

    /// An authorization code for `wish`, of which the user allowed `allowed`.
    IssuedCode issue_code(Wish wish, User& user, Scopes allowed);
    /// Whether the user already allowed all of this to the client.
    bool has_granted(const std::string& client_id, const User& user, const Scopes& scopes) const;

    /// `standing`: the client's at this moment; it decides how long the refresh token may live.
    std::expected<Tokens, OAuthError> redeem(const std::string& code, const std::string& client_id,
                                             const std::string& redirect_uri, const std::string& verifier,
                                             const Standing& standing = {});
    std::expected<Tokens, OAuthError> refresh(const std::string& refresh_token, const std::string& client_id);
    /// Ends the whole grant that either kind of token belongs to; false when the token is unknown or dead.
    bool revoke(const std::string& token);
    /// Ends the client's grants of the users that fit, with codes and tokens; answers how many.
    std::size_t end_grants(const std::string& client_id, const std::function<bool(const User&)>& fits);
    /// Ends the user's refresh tokens that hold a Gmail scope; answers how many.
    std::size_t change_password(const User& user);
    /// Empty when the token is unknown, expired or revoked.
    std::optional<Access> access(std::string_view token) const;
    /// Whom it speaks for; null when it is not good.
    User* user_of(std::string_view token) const;

  private:
    struct Code {
        Wish wish;
        User* user;
        Scopes scopes;
        TimePoint made_at;
        bool used = false;
    };
    struct Refresh {
        std::string client_id;
        User* user;
        Scopes scopes;
        TimePoint last_used;
        std::uint64_t number;
        std::optional<TimePoint> dies_at;
    };
    struct Grant {
        Scopes scopes;
        bool gave_refresh_token = false;
    };
    using GrantKey = std::pair<std::string, const User*>;

    std::string add_access(const std::string& client_id, User* user, const Scopes& scopes, bool offline);
    std::string add_refresh(Refresh refresh);
    bool is_alive(const Refresh& refresh) const;
    std::optional<std::chrono::seconds> left_of(const Refresh& refresh) const;
    void end(const GrantKey& key);
    void forget_expired();

    const Clock& clock_;
    Random& random_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Code> codes_;
    std::map<std::string, Access, std::less<>> access_;
    std::unordered_map<std::string, Refresh> refresh_;
    std::map<GrantKey, Grant> grants_;
    std::uint64_t last_number_ = 0;
};

}  // namespace inboxpro::sandbox::oauth
