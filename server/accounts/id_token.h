#pragma once
#include <boost/json/object.hpp>
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

/// What a JSON Web Token of Google's says: signed with RS256 under one of `keys`, issued by Google, not over (60 s of
/// grace for clocks). Whom it is for is for the caller to check. `not_found` when no key has the token's id: Google may
/// have changed its keys; `invalid` for everything else.
Result<boost::json::object> check_google_token(std::string_view token, const SigningKeys& keys, TimePoint now);

/// A claim that is a text; empty when it is missing or something else.
std::string text_claim(const boost::json::object& claims, std::string_view name);
/// Whether Google vouches for the address in "email".
bool has_verified_email(const boost::json::object& claims);

struct ExpectedIdToken {
    std::string client_id;
    std::string nonce;
    std::string_view access_token;  ///< Checked against at_hash when the token has one.
};

/// OpenID Connect Core 3.1.3.7, for the claims of a token that check_google_token passed: audience and authorized party
/// this client, the nonce of this sign-in, a verified address. `invalid` otherwise.
Result<GoogleIdentity> check_identity(const boost::json::object& claims, const ExpectedIdToken& expected);

}  // namespace inboxpro
