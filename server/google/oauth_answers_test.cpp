#include "google/oauth_answers.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

const TimePoint kGrantedAt = *from_rfc3339("2026-11-23T09:00:00Z");

TEST(TokenGrant, IsReadWithItsEndAndItsScopes) {
    const auto grant = read_token_grant(R"({"access_token":"ya29.a","expires_in":3599,"refresh_token":"1//r",
        "scope":"openid https://www.googleapis.com/auth/gmail.compose","token_type":"Bearer","id_token":"h.c.s"})",
                                        kGrantedAt)
                           .value();
    EXPECT_EQ(grant.access_token, Secret{"ya29.a"});
    EXPECT_EQ(grant.expires_at, kGrantedAt + std::chrono::seconds{3'599});
    EXPECT_EQ(grant.refresh_token, Secret{"1//r"});
    EXPECT_EQ(grant.scopes, (std::set<std::string>{"openid", std::string(scope::kGmailCompose)}));
    EXPECT_EQ(grant.id_token, Secret{"h.c.s"});
}

TEST(TokenGrant, SaysKeepTheOneYouHaveByLeavingItOut) {
    EXPECT_FALSE(read_token_grant(R"({"access_token":"a","expires_in":1})", kGrantedAt)->refresh_token);
    EXPECT_FALSE(read_token_grant(R"({"expires_in":1})", kGrantedAt));
}

TEST(TokenGrant, SaysWhenAGrantIsForATimeOnly) {
    EXPECT_FALSE(read_token_grant(R"({"access_token":"a","expires_in":1})", kGrantedAt)->grant_ends_at);
    EXPECT_EQ(read_token_grant(R"({"access_token":"a","expires_in":1,"refresh_token_expires_in":604799})", kGrantedAt)
                  ->grant_ends_at,
              kGrantedAt + std::chrono::seconds{604'799});
}

TEST(SigningKeys, AreReadWithHowLongTheyAreGood) {
    const auto* body = R"({"keys":[{"kid":"k1","kty":"RSA","alg":"RS256","use":"sig","n":"wQ","e":"AQAB"},
        {"kid":"k2","kty":"EC","n":"wQ","e":"AQAB"},{"kid":"k3","kty":"RSA","use":"enc","n":"wQ","e":"AQAB"},
        {"kid":"k4","kty":"RSA","n":"!","e":"AQAB"},{"kid":"k5","kty":"RSA"}]})";
    const auto keys = read_signing_keys(body, "public, max-age=21599, must-revalidate").value();
    ASSERT_EQ(keys.keys.size(), 1U);
    EXPECT_EQ(keys.keys[0].id, "k1");
    EXPECT_EQ(keys.keys[0].modulus, "\xc1");
    EXPECT_EQ(keys.keys[0].exponent, Bytes("\x01\x00\x01", 3));
    EXPECT_EQ(keys.max_age, std::chrono::seconds{21'599});
    EXPECT_EQ(read_signing_keys(body, "no-cache")->max_age, std::chrono::hours{1});
    EXPECT_FALSE(read_signing_keys(R"({"keys":[]})", ""));
}

TEST(TokenGrant, ThatCannotBeReadLeavesTheEffectUnknown) {
    for (const auto* junk : {"", "[]", "null", "<html>", R"({"access_token":)", R"({"access_token":7})"})
        EXPECT_EQ(read_token_grant(junk, kGrantedAt).error().kind, ErrorKind::unavailable) << junk;
}

}  // namespace
}  // namespace inboxpro
