#pragma once
#include "google/oauth_api.h"

namespace inboxpro {

/// What Google's answers say. `unavailable` for what cannot be read: the call may have had its effect.
Result<TokenGrant> read_token_grant(std::string_view body, TimePoint now);
/// RSA keys for signing; other keys are left out. `max_age` from `cache_control`, one hour without it.
Result<SigningKeys> read_signing_keys(std::string_view body, std::string_view cache_control);

}  // namespace inboxpro
