#pragma once
#include "sandbox/calls.h"
#include "sandbox/oauth/clients.h"
#include "sandbox/oauth/grants.h"
#include "sandbox/oauth/keys.h"

namespace inboxpro::sandbox {
class Origin;
}

namespace inboxpro::sandbox::oauth {

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
/// Keys, OpenID configuration, userinfo and the pictures that it names.
void add_identity_routes(Calls& calls, Desk desk);
/// tokeninfo, for access tokens and id tokens.
void add_tokeninfo_routes(Calls& calls, Desk desk);
/// /_sandbox/clients/{id}, /_sandbox/keys/rotate and /_sandbox/users/{address}/password-change; see sandbox.h.
void add_control_routes(Calls& calls, Desk desk);

/// The claims of an id token for these tokens, OpenID Connect Core 2 as Google fills them. Pictures are at `origin`.
boost::json::object identity_claims(const Tokens& tokens, TimePoint now, const std::string& origin);
/// Whether the account belongs to an organization with an administrator: everybody's but those at gmail.com.
bool is_workspace(const User& user);
std::int64_t to_seconds(TimePoint time);
/// The bearer token of a request, empty when there is none.
std::string_view bearer_of(const http::Request& request);

}  // namespace inboxpro::sandbox::oauth
