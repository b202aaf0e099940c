#pragma once
#include "sandbox/calls.h"
#include "sandbox/oauth/grants.h"
#include "sandbox/oauth/keys.h"

namespace inboxpro::sandbox {
class Origin;
}

namespace inboxpro::sandbox::oauth {

/// An application that may sign people in. Google's console makes these.
struct Client {
    std::string id;
    std::string secret;
    std::vector<std::string> redirect_uris;  ///< Compared byte for byte.
};

/// The registered applications. With none registered, every client id is welcome with any redirect address, and the
/// first secret that it uses is its secret from then on. Thread-safe.
class Clients {
  public:
    explicit Clients(std::vector<Client> registered);

    bool knows(std::string_view id) const;
    bool may_return_to(std::string_view id, std::string_view redirect_uri) const;
    bool has_secret(const std::string& id, const std::string& secret);

  private:
    const bool open_;
    mutable std::mutex mutex_;
    std::map<std::string, Client, std::less<>> clients_;
};

/// What the OAuth routes share; everything outlives the router.
struct Desk {
    const Origin& origin;
    const Clock& clock;
    Users& users;
    Clients& clients;
    Grants& grants;
    SigningKeys& keys;
};

inline constexpr std::string_view kIssuer = "https://accounts.google.com";

/// GET and POST /o/oauth2/v2/auth.
void add_authorize_routes(Calls& calls, Desk desk);
/// POST /token and /revoke.
void add_token_routes(Calls& calls, Desk desk);
/// Keys, OpenID configuration, userinfo, tokeninfo.
void add_identity_routes(Calls& calls, Desk desk);

/// The claims of an id token for these tokens, OpenID Connect Core 2 as Google fills them.
boost::json::object identity_claims(const Tokens& tokens, TimePoint now);
/// The bearer token of a request, empty when there is none.
std::string_view bearer_of(const http::Request& request);

}  // namespace inboxpro::sandbox::oauth
