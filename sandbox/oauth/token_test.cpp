#include "sandbox/oauth/oauth_visitor.h"

namespace inboxpro::sandbox::oauth {
namespace {

using Token = OAuthVisitor;

TEST_F(Token, CodesWorkOnceAndForTenMinutes) {
    const auto used = code(wish("openid"));
    EXPECT_EQ(exchange(used).status, 200);
    expect_refused(exchange(used), 400, "invalid_grant");
    const auto late = code(wish("openid"));
    clock.advance(10min + 1ms);
    expect_refused(exchange(late), 400, "invalid_grant");
    EXPECT_EQ(text(object(exchange("4/nonsense")), "/error_description"), "Malformed auth code.");
}

TEST_F(Token, HoldsPkceToItsVerifier) {
    // RFC 7636, appendix B.
    const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const Fields hashed = {{"code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
                           {"code_challenge_method", "S256"}};
    const auto asked = with(wish("openid"), hashed);
    expect_refused(exchange(code(asked)), 400, "invalid_grant");
    expect_refused(exchange(code(asked), verifier + "x"), 400, "invalid_grant");
    EXPECT_EQ(exchange(code(asked), verifier).status, 200);
    const auto plain = with(wish("openid"), {{"code_challenge", verifier}, {"code_challenge_method", "plain"}});
    EXPECT_EQ(exchange(code(plain), verifier).status, 200);
    EXPECT_EQ(authorize(with(wish("openid"), {{"code_challenge_method", "none"}})).status, 400);
}

TEST_F(Token, GivesARefreshTokenAtTheFirstConsentOnly) {
    EXPECT_TRUE(tokens(wish(kCompose)).contains("refresh_token"));
    EXPECT_FALSE(tokens(wish(kCompose)).contains("refresh_token"));
    EXPECT_TRUE(tokens(with(wish(kCompose), {{"prompt", "consent"}})).contains("refresh_token"));
    auto online = wish(kCompose);
    online[4].second = "online";
    EXPECT_FALSE(tokens(with(online, {{"prompt", "consent"}})).contains("refresh_token"));
}

TEST_F(Token, RefusesClientsThatDoNotProveThemselves) {
    const auto token = text(tokens(wish(kModify)), "/refresh_token");
    expect_refused(refresh(token, "app", "wrong"), 401, "invalid_client");
    expect_refused(refresh(token, "", "secret"), 400, "invalid_request");
    expect_refused(refresh(token, "app", ""), 400, "invalid_request");
    expect_refused(refresh(token, "other", "secret"), 401, "unauthorized_client");
    expect_refused(post_form("/token", {{"client_id", "app"}, {"client_secret", "secret"}, {"grant_type", "password"}}),
                   400, "unsupported_grant_type");
}

TEST_F(Token, TakesTheSecretInTheHeaderToo) {
    const auto basic = [&](const std::string& credentials) {
        http::Request request{.method = http::Method::post, .target = "/token", .path = "/token"};
        request.headers.add("Content-Type", "application/x-www-form-urlencoded");
        request.headers.add("Authorization", "Basic " + base64(credentials));
        request.body = "grant_type=authorization_code&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fback&code=" +
                       query_encoded(code(wish("openid")));
        return testing::run(sandbox.router().answer(std::move(request)));
    };
    EXPECT_EQ(basic("app:secret").status, 200);
    expect_refused(basic("app:wrong"), 401, "invalid_client");
    expect_refused(basic("app"), 400, "invalid_request");
}

TEST_F(Token, CodesAreForTheirClientAndAddress) {
    const auto redeem = [&](const std::string& client, const std::string& address) {
        return post_form("/token", {{"grant_type", "authorization_code"},
                                    {"code", code(wish("openid"))},
                                    {"client_id", client},
                                    {"client_secret", "secret"},
                                    {"redirect_uri", address}});
    };
    EXPECT_EQ(redeem("app", "http://localhost:1/back").status, 200);
    expect_refused(redeem("other", "http://localhost:1/back"), 400, "invalid_grant");
    expect_refused(redeem("app", "http://localhost:1/back/"), 400, "redirect_uri_mismatch");
    expect_refused(redeem("app", ""), 400, "redirect_uri_mismatch");
}

TEST_F(Token, PlainPkceIsTheDefaultMethod) {
    const std::string verifier(43, 'v');
    const auto asked = with(wish("openid"), {{"code_challenge", verifier}});
    expect_refused(exchange(code(asked), verifier + "x"), 400, "invalid_grant");
    EXPECT_EQ(exchange(code(asked), verifier).status, 200);
}

}  // namespace
}  // namespace inboxpro::sandbox::oauth
