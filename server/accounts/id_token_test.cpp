#include "accounts/id_token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <boost/json/serialize.hpp>

#include "testing/fakes.h"
#include "testing/id_token_signer.h"

namespace inboxpro {
namespace {

namespace json = boost::json;
using testing::IdTokenSigner;

class IdToken : public ::testing::Test {
  protected:
    json::object claims() const {
        const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
        return {{"iss", "https://accounts.google.com"},
                {"aud", "client-1"},
                {"azp", "client-1"},
                {"sub", "1001"},
                {"email", "ann@example.com"},
                {"email_verified", true},
                {"name", "Ann Example"},
                {"hd", "example.com"},
                {"nonce", "n-1"},
                {"iat", now},
                {"exp", now + 3'600}};
    }
    json::object claims_with(std::string_view name, json::value value) const {
        auto changed = claims();
        changed[name] = std::move(value);
        return changed;
    }
    json::object claims_without(std::string_view name) const {
        auto changed = claims();
        changed.erase(name);
        return changed;
    }
    Result<GoogleIdentity> check(std::string_view token) const {
        return check_identity(TRY(check_google_token(token, keys_, clock_.now())),
                              {.client_id = "client-1", .nonce = "n-1", .access_token = "ya29.access"});
    }
    ErrorKind refusal_of(const json::object& changed) const { return check(signer_.sign({}, changed)).error().kind; }

    testing::FakeClock clock_;
    IdTokenSigner signer_;
    SigningKeys keys_{.keys = {signer_.public_key()}};
};

TEST_F(IdToken, SaysWhoSignedIn) {
    const auto identity = check(signer_.sign({}, claims()));
    ASSERT_TRUE(identity) << identity.error().detail;
    EXPECT_EQ(identity->subject, "1001");
    EXPECT_EQ(identity->email, "ann@example.com");
    EXPECT_EQ(identity->name, "Ann Example");
    EXPECT_EQ(identity->domain, "example.com");
}

TEST_F(IdToken, TakesGooglesOlderIssuerAndTokensWithoutOptionalClaims) {
    EXPECT_TRUE(check(signer_.sign({}, claims_with("iss", "accounts.google.com"))));
    for (const auto* optional : {"azp", "hd", "name", "iat"})
        EXPECT_TRUE(check(signer_.sign({}, claims_without(optional)))) << optional;
}

TEST_F(IdToken, IsRefusedWhenAClaimIsWrong) {
    EXPECT_EQ(refusal_of(claims_with("iss", "https://accounts.google.com.evil.example")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("aud", "client-2")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("aud", json::array{"client-1", "client-2"})), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("azp", "client-2")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("nonce", "n-2")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("email_verified", false)), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("email_verified", "true")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("exp", "tomorrow")), ErrorKind::invalid);
    EXPECT_EQ(refusal_of(claims_with("exp", 9'000'000'000'000'000'000)), ErrorKind::invalid);
}

TEST_F(IdToken, IsRefusedWhenAClaimIsMissing) {
    for (const auto* needed : {"iss", "aud", "sub", "email", "email_verified", "nonce", "exp"})
        EXPECT_EQ(refusal_of(claims_without(needed)), ErrorKind::invalid) << needed;
}

TEST_F(IdToken, IsOverAMinuteAfterItsEnd) {
    const auto token = signer_.sign({}, claims());
    clock_.advance(std::chrono::seconds{3'659});
    EXPECT_TRUE(check(token));
    clock_.advance(std::chrono::seconds{1});
    EXPECT_FALSE(check(token));
}

TEST_F(IdToken, BelongsToItsAccessToken) {
    Bytes hash(SHA256_DIGEST_LENGTH, '\0');
    SHA256(reinterpret_cast<const unsigned char*>("ya29.access"), 11, reinterpret_cast<unsigned char*>(hash.data()));
    EXPECT_TRUE(check(signer_.sign({}, claims_with("at_hash", json::string(base64url(hash.substr(0, 16)))))));
    EXPECT_EQ(refusal_of(claims_with("at_hash", json::string(base64url(hash.substr(16))))), ErrorKind::invalid);
}

TEST_F(IdToken, MustBeSignedWithRs256) {
    const auto none = base64url(R"({"alg":"none","kid":"key-1"})") + '.' + base64url(json::serialize(claims())) + '.';
    EXPECT_EQ(check(none).error().kind, ErrorKind::invalid);
    for (const auto* algorithm : {"none", "HS256", "RS384", "rs256", ""})
        EXPECT_EQ(check(signer_.sign({{"alg", algorithm}}, claims())).error().kind, ErrorKind::invalid) << algorithm;
}

TEST_F(IdToken, CannotBeMadeWithThePublicKeyAsASecret) {
    const auto text = base64url(R"({"alg":"HS256","kid":"key-1"})") + '.' + base64url(json::serialize(claims()));
    const auto& key = keys_.keys.front().modulus;
    Bytes mac(32, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), reinterpret_cast<unsigned char*>(mac.data()), nullptr);
    EXPECT_EQ(check(text + '.' + base64url(mac)).error().kind, ErrorKind::invalid);
}

TEST_F(IdToken, NeedsAKeyThatGooglePublishes) {
    EXPECT_EQ(check(IdTokenSigner("key-2").sign({}, claims())).error().kind, ErrorKind::not_found);
    auto other = keys_.keys.front();
    other.modulus[10] = static_cast<char>(other.modulus[10] ^ 1);
    keys_.keys = {other};
    EXPECT_EQ(check(signer_.sign({}, claims())).error().kind, ErrorKind::invalid);
    keys_.keys.front().modulus.resize(64);
    EXPECT_EQ(check(signer_.sign({}, claims())).error().kind, ErrorKind::invalid);
}

TEST_F(IdToken, FailsWithAnyCharacterChanged) {
    const auto token = signer_.sign({}, claims());
    for (std::size_t i = 0; i < token.size(); i += 7) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(check(changed)) << i;
    }
}

TEST_F(IdToken, RefusesWhatIsNoToken) {
    for (const auto* junk : {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", "bnVsbA.bnVsbA.x"})
        EXPECT_FALSE(check(junk)) << junk;
}

}  // namespace
}  // namespace inboxpro
