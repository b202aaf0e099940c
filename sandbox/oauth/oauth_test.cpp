#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

struct OAuth : ::testing::Test, Visitor {
    using Fields = std::vector<std::pair<std::string, std::string>>;

    http::Response authorize(Fields fields) { return post_form("/o/oauth2/v2/auth", fields); }
    std::string code(Fields fields) { return parameter(authorize(std::move(fields)), "code"); }
    json::object tokens(Fields fields) {
        const auto answer = exchange(code(std::move(fields)));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    http::Response refresh(const std::string& token, const std::string& client = "app",
                           const std::string& secret = "secret") {
        return post_form("/token", {{"grant_type", "refresh_token"},
                                    {"refresh_token", token},
                                    {"client_id", client},
                                    {"client_secret", secret}});
    }
    void expect_refused(const http::Response& answer, int status, const std::string& error) {
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(text(object(answer), "/error"), error);
    }
    static Fields with(Fields fields, const Fields& more) {
        fields.insert(fields.end(), more.begin(), more.end());
        return fields;
    }
    static json::object claims(const std::string& id_token) {
        const auto first = id_token.find('.') + 1;
        const auto middle = id_token.substr(first, id_token.rfind('.') - first);
        return json::parse(from_base64url(middle).value()).as_object();
    }
    static constexpr const char* kCompose = "https://www.googleapis.com/auth/gmail.compose";
};

TEST_F(OAuth, ShowsAccountsAndScopesWithoutScript) {
    const auto shown =
        get("/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Fx.example%2Fb&response_type=code"
            "&scope=openid%20https://www.googleapis.com/auth/gmail.compose&state=%22%3E%3Cb%3E");
    EXPECT_EQ(shown.status, 200);
    EXPECT_TRUE(shown.body.contains("ada@sandbox.example"));
    EXPECT_TRUE(shown.body.contains("value=\"https:&#x2F;&#x2F;www.googleapis.com&#x2F;auth&#x2F;gmail.compose\"") ||
                shown.body.contains(kCompose));
    EXPECT_FALSE(shown.body.contains("\"><b>"));
    EXPECT_FALSE(shown.body.contains("<script"));
}

TEST_F(OAuth, SendsTheBrowserBackWithWhatGoogleSends) {
    const auto answer = authorize(wish("openid email"));
    EXPECT_EQ(parameter(answer, "state"), "s t");
    EXPECT_EQ(parameter(answer, "iss"), "https://accounts.google.com");
    EXPECT_TRUE(parameter(answer, "code").starts_with("4/"));
    EXPECT_TRUE(answer.headers.get("Location").contains("code=4%2F"));
    EXPECT_EQ(parameter(authorize(with(wish("openid"), {{"decision", "deny"}})), "error"), "access_denied");
}

TEST_F(OAuth, RefusesOnAPageWhatItCannotSendBack) {
    const auto refused = [&](std::size_t field, std::string value) {
        auto fields = wish("openid");
        fields[field].second = std::move(value);
        return authorize(fields).status;
    };
    EXPECT_EQ(refused(0, ""), 400);
    EXPECT_EQ(refused(1, ""), 400);
    EXPECT_EQ(refused(1, "javascript:alert(1)"), 400);
    EXPECT_EQ(refused(2, "token"), 400);
    EXPECT_EQ(refused(3, "gmail.compose"), 400);
    EXPECT_EQ(refused(6, "nobody@sandbox.example"), 400);
}

TEST_F(OAuth, RegisteredClientsAreHeldToTheirAddresses) {
    Visitor strict({{"app", "secret", {"http://localhost:1/back"}}});
    EXPECT_EQ(strict.post_form("/o/oauth2/v2/auth", wish("openid")).status, 302);
    auto elsewhere = wish("openid");
    elsewhere[1].second = "http://localhost:1/back/";
    EXPECT_EQ(strict.post_form("/o/oauth2/v2/auth", elsewhere).status, 400);
    auto stranger = wish("openid");
    stranger[0].second = "other";
    EXPECT_EQ(strict.post_form("/o/oauth2/v2/auth", stranger).status, 401);
    expect_refused(strict.post_form("/token", {{"client_id", "other"}, {"client_secret", "secret"}}), 401,
                   "invalid_client");
}

TEST_F(OAuth, CodesWorkOnceAndForTenMinutes) {
    const auto used = code(wish("openid"));
    EXPECT_EQ(exchange(used).status, 200);
    expect_refused(exchange(used), 400, "invalid_grant");
    const auto late = code(wish("openid"));
    clock.advance(10min + 1ms);
    expect_refused(exchange(late), 400, "invalid_grant");
    EXPECT_EQ(text(object(exchange("4/nonsense")), "/error_description"), "Malformed auth code.");
}

TEST_F(OAuth, HoldsPkceToItsVerifier) {
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

TEST_F(OAuth, GivesARefreshTokenAtTheFirstConsentOnly) {
    EXPECT_TRUE(tokens(wish(kCompose)).contains("refresh_token"));
    EXPECT_FALSE(tokens(wish(kCompose)).contains("refresh_token"));
    EXPECT_TRUE(tokens(with(wish(kCompose), {{"prompt", "consent"}})).contains("refresh_token"));
    auto online = wish(kCompose);
    online[4].second = "online";
    EXPECT_FALSE(tokens(with(online, {{"prompt", "consent"}})).contains("refresh_token"));
}

TEST_F(OAuth, GrantsOnlyTickedScopes) {
    const auto asked = std::string("openid email ") + kCompose + " " + kModify;
    EXPECT_EQ(text(tokens(with(wish(asked), {{"asked", "1"}, {"allow", kModify}})), "/scope"),
              std::string("https://www.googleapis.com/auth/gmail.modify "
                          "https://www.googleapis.com/auth/userinfo.email openid"));
    EXPECT_FALSE(text(tokens(with(wish(asked), {{"asked", "1"}})), "/scope").contains("gmail"));
}

TEST_F(OAuth, JoinsEarlierGrantsWhenAsked) {
    tokens(wish(kCompose));
    EXPECT_FALSE(text(tokens(wish(kModify)), "/scope").contains(kCompose));
    const auto joined = text(tokens(with(wish(kModify), {{"include_granted_scopes", "true"}})), "/scope");
    EXPECT_TRUE(joined.contains(kCompose));
    EXPECT_TRUE(joined.contains(kModify));
}

TEST_F(OAuth, RefreshesUntilRevoked) {
    const auto first = tokens(wish(kModify));
    const auto refresh_token = text(first, "/refresh_token");
    clock.advance(3599s);
    EXPECT_EQ(get("/gmail/v1/users/me/profile", text(first, "/access_token")).status, 401);
    const auto renewed = object(refresh(refresh_token));
    EXPECT_FALSE(renewed.contains("refresh_token"));
    EXPECT_EQ(get("/gmail/v1/users/me/profile", text(renewed, "/access_token")).status, 200);

    EXPECT_EQ(post_form("/revoke", {{"token", text(renewed, "/access_token")}}).status, 200);
    EXPECT_EQ(get("/gmail/v1/users/me/profile", text(renewed, "/access_token")).status, 401);
    expect_refused(refresh(refresh_token), 400, "invalid_grant");
    EXPECT_EQ(text(object(refresh(refresh_token)), "/error_description"), "Token has been expired or revoked.");
    expect_refused(call(http::Method::post, "/revoke?token=" + refresh_token), 400, "invalid_token");
}

TEST_F(OAuth, LetsRefreshTokensDieAsGoogleDoes) {
    const auto unused = text(tokens(wish(kModify)), "/refresh_token");
    clock.advance(24h * 184);
    expect_refused(refresh(unused), 400, "invalid_grant");
    const auto consent = with(wish(kModify), {{"prompt", "consent"}});
    const auto oldest = text(tokens(consent), "/refresh_token");
    for (int i = 0; i < 100; ++i) tokens(consent);
    expect_refused(refresh(oldest), 400, "invalid_grant");
}

TEST_F(OAuth, RefusesClientsThatDoNotProveThemselves) {
    const auto token = text(tokens(wish(kModify)), "/refresh_token");
    expect_refused(refresh(token, "app", "wrong"), 401, "invalid_client");
    expect_refused(refresh(token, "", "secret"), 400, "invalid_request");
    expect_refused(refresh(token, "app", ""), 400, "invalid_request");
    expect_refused(refresh(token, "other", "secret"), 401, "unauthorized_client");
    expect_refused(post_form("/token", {{"client_id", "app"}, {"client_secret", "secret"}, {"grant_type", "password"}}),
                   400, "unsupported_grant_type");
}

TEST_F(OAuth, SaysWhoSomebodyIs) {
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

TEST_F(OAuth, SaysWhatATokenIsFor) {
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

TEST_F(OAuth, PublishesItsKeysInBothForms) {
    const auto keys = get("/oauth2/v3/certs");
    const auto certificates = object(get("/oauth2/v1/certs"));
    EXPECT_TRUE(keys.headers.get("Cache-Control").contains("max-age="));
    const auto list = object(keys).at("keys").as_array();
    EXPECT_EQ(list.size(), 2U);
    for (const auto& key : list)
        EXPECT_TRUE(text(certificates, "/" + text(key, "/kid")).starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_F(OAuth, ConfigurationLeadsToTheSandboxItself) {
    sandbox.set_origin("http://127.0.0.1:9");
    const auto configuration = object(get("/.well-known/openid-configuration"));
    EXPECT_EQ(text(configuration, "/token_endpoint"), "http://127.0.0.1:9/token");
    EXPECT_EQ(text(configuration, "/issuer"), "https://accounts.google.com");
}

TEST_F(OAuth, AnswersAtOnceWithoutPromptWhenAllIsGranted) {
    const std::string target =
        "/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fback"
        "&response_type=code&scope=openid&prompt=none&login_hint=ada%40sandbox.example";
    EXPECT_EQ(parameter(get(target), "error"), "interaction_required");
    tokens(wish("openid"));
    EXPECT_EQ(exchange(parameter(get(target), "code")).status, 200);
}

}  // namespace
}  // namespace inboxpro::sandbox
