#include "accounts/id_token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <memory>

namespace inboxpro {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kGrace{60};
constexpr int kLeastKeyBits = 2048;

template <auto kFree>
struct FreedBy {
    void operator()(auto* thing) const { kFree(thing); }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, FreedBy<kFree>>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;

std::unexpected<Error> refused(std::string why) {
    return fail(ErrorKind::invalid, "The token is refused: " + std::move(why) + ".");
}

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key public_key(const SigningKey& key) {
    const Owned<BIGNUM, BN_free> n(BN_bin2bn(raw(key.modulus), static_cast<int>(key.modulus.size()), nullptr));
    const Owned<BIGNUM, BN_free> e(BN_bin2bn(raw(key.exponent), static_cast<int>(key.exponent.size()), nullptr));
    const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    if (!n || !e || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return {};
    const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* made = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return {};
    return Key{made};
}

bool is_signed(BytesView text, BytesView signature, const SigningKey& signing_key) {
    const Key key = public_key(signing_key);
    if (!key || EVP_PKEY_get_bits(key.get()) < kLeastKeyBits) return false;
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(text), text.size()) == 1;
}

std::string at_hash_of(std::string_view access_token) {
    Bytes hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(raw(access_token), access_token.size(), reinterpret_cast<unsigned char*>(hash.data()));
    return base64url(BytesView(hash).substr(0, hash.size() / 2));
}

Result<json::object> object_in(std::string_view base64_text) {
    const auto text = from_base64url(base64_text);
    if (!text) return refused("it is not base64url");
    boost::system::error_code failure;
    auto value = json::parse(*text, failure);
    if (failure || !value.is_object()) return refused("it is not JSON");
    return std::move(value.get_object());
}

std::optional<TimePoint> time_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_int64() || std::abs(value->get_int64()) > 100'000'000'000) return {};
    return TimePoint{std::chrono::seconds{value->get_int64()}};
}

Result<void> check_source(const json::object& claims, TimePoint now) {
    const auto issuer = text_claim(claims, "iss");
    if (issuer != "https://accounts.google.com" && issuer != "accounts.google.com") return refused("wrong issuer");
    const auto ends = time_in(claims, "exp");
    if (!ends || *ends + kGrace <= now) return refused("its time is over");
    return {};
}

GoogleIdentity identity_from(const json::object& claims) {
    GoogleIdentity identity{.subject = text_claim(claims, "sub"),
                            .email = text_claim(claims, "email"),
                            .name = text_claim(claims, "name"),
                            .domain = text_claim(claims, "hd")};
    if (identity.domain.empty() && identity.email.ends_with("@gmail.com")) identity.domain = "gmail.com";
    return identity;
}

}  // namespace

std::string text_claim(const json::object& claims, std::string_view name) {
    const auto* value = claims.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

bool has_verified_email(const json::object& claims) {
    const auto* verified = claims.if_contains("email_verified");
    return verified != nullptr && verified->is_bool() && verified->get_bool();
}

Result<json::object> check_google_token(std::string_view token, const SigningKeys& keys, TimePoint now) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
        return refused("it does not have three parts");
    const auto header = TRY(object_in(token.substr(0, first)));
    if (text_claim(header, "alg") != "RS256") return refused("it is not signed with RS256");
    const auto key = std::ranges::find(keys.keys, text_claim(header, "kid"), &SigningKey::id);
    if (key == keys.keys.end()) return fail(ErrorKind::not_found, "No key has the id that the token names.");
    const auto signature = from_base64url(token.substr(last + 1));
    if (!signature || !is_signed(token.substr(0, last), *signature, *key)) return refused("its signature is wrong");
    auto claims = TRY(object_in(token.substr(first + 1, last - first - 1)));
    TRY(check_source(claims, now));
    return claims;
}

Result<GoogleIdentity> check_identity(const json::object& claims, const ExpectedIdToken& expected) {
    if (text_claim(claims, "aud") != expected.client_id) return refused("wrong audience");
    if (claims.contains("azp") && text_claim(claims, "azp") != expected.client_id) return refused("wrong party");
    if (expected.nonce.empty() || !equal_in_constant_time(text_claim(claims, "nonce"), expected.nonce))
        return refused("wrong nonce");
    if (claims.contains("at_hash") && text_claim(claims, "at_hash") != at_hash_of(expected.access_token))
        return refused("it belongs to another access token");
    if (text_claim(claims, "sub").empty() || text_claim(claims, "email").empty()) return refused("it names nobody");
    if (!has_verified_email(claims)) return refused("its address is not verified");
    return identity_from(claims);
}

}  // namespace inboxpro
