#pragma once
#include <string>
#include <string_view>

#include "google/google_api.h"

namespace inboxpro {

/// Who signed in, as Google says.
struct GoogleIdentity {
    std::string subject;
    std::string email;
    std::string name;
    std::string domain;  ///< Workspace domain (hd), "gmail.com" for an address there, otherwise empty.
};

struct ExpectedIdToken {
    std::string client_id;
    std::string nonce;
    std::string_view access_token;  ///< Checked against at_hash when the token has one.
    TimePoint now;
};

/// OpenID Connect Core 3.1.3.7: RS256 under one of `keys`, issuer Google, audience and authorized party this client,
/// not over (60 s of grace for clocks), the nonce of this sign-in, a verified address. `not_found` when no key has the
/// token's id: Google may have changed its keys; `invalid` for everything else.
Result<GoogleIdentity> check_id_token(std::string_view token, const SigningKeys& keys, const ExpectedIdToken& expected);

}  // namespace inboxpro
