#include "google/oauth_answers.h"

#include <charconv>
#include <sstream>

#include "google/json_fields.h"

namespace inboxpro {
namespace {

using namespace fields;

std::chrono::seconds max_age_of(std::string_view cache_control) {
    constexpr std::string_view kName = "max-age=";
    const auto found = cache_control.find(kName);
    unsigned count = 0;
    if (found != std::string_view::npos) {
        const auto digits = cache_control.substr(found + kName.size());
        std::from_chars(digits.data(), digits.data() + digits.size(), count);
    }
    return count == 0 ? SigningKeys{}.max_age : std::chrono::seconds{count};
}

}  // namespace

Result<TokenGrant> read_token_grant(std::string_view body, TimePoint now) {
    const auto root = TRY(read_object(body));
    TokenGrant grant{.access_token = Secret{TRY(needed(root, "access_token"))},
                     .expires_at = now + std::chrono::seconds{number_in(root, "expires_in")},
                     .refresh_token = {},
                     .scopes = {},
                     .id_token = Secret{text_in(root, "id_token")}};
    if (auto refresh = text_in(root, "refresh_token"); !refresh.empty())
        grant.refresh_token.emplace(std::move(refresh));
    if (const auto life = number_in(root, "refresh_token_expires_in"); life != 0)
        grant.grant_ends_at = now + std::chrono::seconds{life};
    std::istringstream scopes(text_in(root, "scope"));
    for (std::string one; scopes >> one;) grant.scopes.insert(one);
    return grant;
}

Result<SigningKeys> read_signing_keys(std::string_view body, std::string_view cache_control) {
    const auto root = TRY(read_object(body));
    SigningKeys keys{.keys = {}, .max_age = max_age_of(cache_control)};
    for (const auto* key : objects_in(root, "keys")) {
        auto modulus = from_base64url(text_in(*key, "n"));
        auto exponent = from_base64url(text_in(*key, "e"));
        const bool signs = text_in(*key, "kty") == "RSA" && text_in(*key, "use") != "enc";
        if (!signs || !modulus || !exponent || modulus->empty() || exponent->empty()) continue;
        keys.keys.push_back({text_in(*key, "kid"), std::move(*modulus), std::move(*exponent)});
    }
    if (keys.keys.empty()) return fail(ErrorKind::unavailable, "Google's answer holds no signing key");
    return keys;
}

}  // namespace inboxpro
