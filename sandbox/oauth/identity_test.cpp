#include "sandbox/oauth/oauth_visitor.h"

namespace inboxpro::sandbox::oauth {
namespace {

using Identity = OAuthVisitor;

TEST_F(Identity, SaysWhoSomebodyIs) {
    const auto answer = tokens(with(wish("openid email profile"), {{"nonce", "n1"}}));
    const auto about = claims(text(answer, "/id_token"));
    EXPECT_EQ(text(about, "/iss"), "https://accounts.google.com");
    EXPECT_EQ(text(about, "/aud"), "app");
    EXPECT_EQ(text(about, "/email"), "ada@sandbox.example");
    EXPECT_TRUE(about.at("email_verified").as_bool());
    EXPECT_EQ(text(about, "/nonce"), "n1");
    EXPECT_EQ(text(about, "/hd"), "sandbox.example");
    EXPECT_EQ(text(about, "/family_name"), "Lovelace");
    EXPECT_EQ(about.at("exp").as_int64() - about.at("iat").as_int64(), 3600);

    const auto info = object(get("/oauth2/v3/userinfo", text(answer, "/access_token")));
    EXPECT_EQ(info.at("sub"), about.at("sub"));
    EXPECT_EQ(get("/oauth2/v3/userinfo", token(kCompose)).status, 403);
    EXPECT_FALSE(tokens(wish(kCompose)).contains("id_token"));
}

TEST_F(Identity, SaysWhatATokenIsFor) {
    const auto access = token("openid email");
    clock.advance(599s);
    const auto now = object(get("/tokeninfo?access_token=" + access));
    EXPECT_EQ(text(now, "/aud"), "app");
    EXPECT_EQ(text(now, "/expires_in"), "3000");
    EXPECT_EQ(text(now, "/email"), "ada@sandbox.example");
    const auto earlier = object(get("/oauth2/v2/tokeninfo", access));
    EXPECT_EQ(text(earlier, "/audience"), "app");
    EXPECT_EQ(earlier.at("expires_in").as_int64(), 3000);
    expect_refused(get("/tokeninfo?access_token=nonsense"), 400, "invalid_token");
}

TEST_F(Identity, PublishesItsKeysInBothForms) {
    const auto keys = get("/oauth2/v3/certs");
    const auto certificates = object(get("/oauth2/v1/certs"));
    EXPECT_TRUE(keys.headers.get("Cache-Control").contains("max-age="));
    const auto list = object(keys).at("keys").as_array();
    EXPECT_EQ(list.size(), 2U);
    for (const auto& key : list)
        EXPECT_TRUE(text(certificates, "/" + text(key, "/kid")).starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(Identity, ConfigurationLeadsToTheSandboxItself) {
    sandbox.set_origin("http://127.0.0.1:9");
    const auto configuration = object(get("/.well-known/openid-configuration"));
    EXPECT_EQ(text(configuration, "/token_endpoint"), "http://127.0.0.1:9/token");
    EXPECT_EQ(text(configuration, "/issuer"), "https://accounts.google.com");
}

TEST_F(Identity, SaysInAHashWhichAccessTokenCameAlong) {
    // OpenID Connect Core 3.1.3.6: the left half of the SHA-256, so 16 bytes in base64url.
    const auto answer = tokens(wish("openid"));
    const auto hash = from_base64url(text(claims(text(answer, "/id_token")), "/at_hash"));
    ASSERT_TRUE(hash);
    EXPECT_EQ(hash->size(), 16U);
    EXPECT_FALSE(claims(text(answer, "/id_token")).contains("nonce"));
    EXPECT_FALSE(claims(text(answer, "/id_token")).contains("email"));
}

TEST_F(Identity, PrivateAccountsBelongToNoDomain) {
    EXPECT_TRUE(sandbox.add_user("home@gmail.com", "Home"));
    auto fields = wish("openid email");
    fields.back().second = "home@gmail.com";
    EXPECT_FALSE(claims(text(tokens(fields), "/id_token")).contains("hd"));
    const auto access = token("openid email", "home@gmail.com");
    EXPECT_FALSE(object(get("/oauth2/v2/userinfo", access)).contains("hd"));
}

TEST_F(Identity, UserinfoComesInTwoVersions) {
    const auto access = token("openid email profile");
    const auto first = object(get("/oauth2/v2/userinfo", access));
    EXPECT_EQ(first, object(get("/userinfo/v2/me", access)));
    EXPECT_TRUE(first.at("verified_email").as_bool());
    const auto later = object(get("/oauth2/v3/userinfo", access));
    EXPECT_EQ(later, object(get("/v1/userinfo", access)));
    EXPECT_TRUE(later.at("email_verified").as_bool());
    EXPECT_EQ(first.at("id"), later.at("sub"));
    EXPECT_EQ(text(later, "/family_name"), "Lovelace");
    expect_refused(get("/oauth2/v3/userinfo", "nonsense"), 401, "invalid_request");
    EXPECT_EQ(text(object(get("/oauth2/v2/userinfo", "nonsense")), "/error/errors/0/reason"), "authError");
}

TEST_F(Identity, PicturesAreThere) {
    const auto url = text(object(get("/oauth2/v3/userinfo", token("profile"))), "/picture");
    const auto path = url.substr(url.find("/pictures/"));
    const auto picture = get(path);
    EXPECT_EQ(picture.headers.get("Content-Type"), "image/svg+xml");
    EXPECT_TRUE(picture.body.contains(">A</text>"));
    EXPECT_EQ(get("/pictures/1.svg").status, 404);
}

TEST_F(Identity, TokeninfoReadsIdTokens) {
    const auto id_token = text(tokens(wish("openid email")), "/id_token");
    const auto later = object(get("/tokeninfo?id_token=" + id_token));
    EXPECT_EQ(text(later, "/email"), "ada@sandbox.example");
    EXPECT_EQ(text(later, "/email_verified"), "true");
    EXPECT_EQ(text(later, "/exp"), std::to_string(to_millis(clock.now()) / 1'000 + 3'600));
    const auto first = object(post_form("/oauth2/v2/tokeninfo", {{"id_token", id_token}}));
    EXPECT_EQ(text(first, "/audience"), "app");
    EXPECT_EQ(first.at("expires_in").to_number<int>(), 3'600);
    auto forged = id_token;
    forged[id_token.rfind('.') - 2] ^= 1;
    expect_refused(get("/tokeninfo?id_token=" + forged), 400, "invalid_token");
    expect_refused(get("/tokeninfo?id_token=a.b"), 400, "invalid_token");
    expect_refused(get("/tokeninfo"), 400, "invalid_token");
    clock.advance(3'600s);
    expect_refused(get("/tokeninfo?id_token=" + id_token), 400, "invalid_token");
}

TEST_F(Identity, KeysRotateAndTheFormerStaysForAWhile) {
    const auto before = text(tokens(wish("openid")), "/id_token");
    const auto kids = object(post("/_sandbox/keys/rotate", json::object{})).at("kids").as_array();
    ASSERT_EQ(kids.size(), 2U);
    const auto certificates = object(get("/oauth2/v1/certs"));
    for (const auto& kid : kids) EXPECT_TRUE(certificates.contains(kid.as_string()));
    const auto after = text(tokens(wish("openid")), "/id_token");
    const auto kid_of = [](const std::string& token) {
        return text(json::parse(from_base64url(token.substr(0, token.find('.'))).value()), "/kid");
    };
    EXPECT_EQ(kid_of(before), kids[1].as_string());
    EXPECT_EQ(kid_of(after), kids[0].as_string());
    EXPECT_EQ(get("/tokeninfo?id_token=" + before).status, 200);
    post("/_sandbox/keys/rotate", json::object{});
    EXPECT_EQ(get("/tokeninfo?id_token=" + before).status, 400);
    EXPECT_EQ(get("/tokeninfo?id_token=" + after).status, 200);
}

}  // namespace
}  // namespace inboxpro::sandbox::oauth
