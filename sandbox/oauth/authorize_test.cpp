#include "sandbox/oauth/oauth_visitor.h"

namespace inboxpro::sandbox::oauth {
namespace {

using Authorize = OAuthVisitor;

TEST_F(Authorize, ShowsAccountsAndScopesWithoutScript) {
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

TEST_F(Authorize, SendsTheBrowserBackWithWhatGoogleSends) {
    const auto answer = authorize(wish("openid email"));
    EXPECT_EQ(parameter(answer, "state"), "s t");
    EXPECT_EQ(parameter(answer, "iss"), "https://accounts.google.com");
    EXPECT_TRUE(parameter(answer, "code").starts_with("4/"));
    EXPECT_TRUE(answer.headers.get("Location").contains("code=4%2F"));
    EXPECT_EQ(parameter(authorize(with(wish("openid"), {{"decision", "deny"}})), "error"), "access_denied");
}

TEST_F(Authorize, RefusesOnAPageWhatItCannotSendBack) {
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

TEST_F(Authorize, RegisteredClientsAreHeldToTheirAddresses) {
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

TEST_F(Authorize, GrantsOnlyTickedScopes) {
    const auto asked = std::string("openid email ") + kCompose + " " + kModify;
    EXPECT_EQ(text(tokens(with(wish(asked), {{"asked", "1"}, {"allow", kModify}})), "/scope"),
              std::string("https://www.googleapis.com/auth/gmail.modify "
                          "https://www.googleapis.com/auth/userinfo.email openid"));
    EXPECT_FALSE(text(tokens(with(wish(asked), {{"asked", "1"}})), "/scope").contains("gmail"));
}

TEST_F(Authorize, JoinsEarlierGrantsWhenAsked) {
    tokens(wish(kCompose));
    EXPECT_FALSE(text(tokens(wish(kModify)), "/scope").contains(kCompose));
    const auto joined = text(tokens(with(wish(kModify), {{"include_granted_scopes", "true"}})), "/scope");
    EXPECT_TRUE(joined.contains(kCompose));
    EXPECT_TRUE(joined.contains(kModify));
}

TEST_F(Authorize, AnswersAtOnceWithoutPromptWhenAllIsGranted) {
    const std::string target =
        "/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fback"
        "&response_type=code&scope=openid&prompt=none&login_hint=ada%40sandbox.example";
    EXPECT_EQ(parameter(get(target), "error"), "interaction_required");
    tokens(wish("openid"));
    EXPECT_EQ(exchange(parameter(get(target), "code")).status, 200);
}

TEST_F(Authorize, SaysOnThePageWhatIsWrong) {
    const auto page = [&](const std::string& query) {
        return get("/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Fx.example%2Fb&response_type=code" +
                   query);
    };
    expect_page(page(""), 400, "invalid_request", "Required parameter is missing: scope");
    expect_page(page("&scope=gmail.send"), 400, "invalid_scope", "scope=gmail.send");
    expect_page(page("&scope=openid&prompt=login"), 400, "invalid_request", "Invalid parameter value for prompt.");
    expect_page(page("&scope=openid&prompt=none%20consent"), 400, "invalid_request", "prompt");
    expect_page(page("&scope=openid&access_type=always"), 400, "invalid_request", "access_type");
    EXPECT_EQ(page("&scope=openid&prompt=select_account%20consent").status, 200);
    Visitor strict({{"app", "secret", {"http://x.example/a"}}});
    const auto mismatch = strict.get(
        "/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Fx.example%2Fb&response_type=code&scope=openid");
    expect_page(mismatch, 400, "redirect_uri_mismatch", "redirect_uri=http://x.example/b");
}

TEST_F(Authorize, ChecksTheAccountThatTheHintNames) {
    const auto page =
        get("/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Fx.example%2Fb&response_type=code&scope=openid"
            "&login_hint=grace%40sandbox.example");
    EXPECT_TRUE(page.body.contains("value=\"grace@sandbox.example\" required checked"));
    EXPECT_FALSE(page.body.contains("value=\"ada@sandbox.example\" required checked"));
    auto by_hint = wish("openid");
    by_hint.back() = {"login_hint", text(claims(text(tokens(wish("openid")), "/id_token")), "/sub")};
    EXPECT_EQ(exchange(code(by_hint)).status, 200) << "a hint may be the subject too";
}

TEST_F(Authorize, WithoutPromptAsksForASignInFirst) {
    const std::string target =
        "/o/oauth2/v2/auth?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fback"
        "&response_type=code&scope=openid&prompt=none";
    EXPECT_EQ(parameter(get(target), "error"), "login_required");
    EXPECT_EQ(parameter(get(target + "&login_hint=stranger%40x.example"), "error"), "login_required");
}

TEST_F(Authorize, NamesInTheRedirectWhatTheCodeWillOpen) {
    tokens(wish(kCompose));
    const auto joined = authorize(with(wish(kModify), {{"include_granted_scopes", "true"}}));
    EXPECT_TRUE(parameter(joined, "scope").contains(kCompose));
    EXPECT_EQ(parameter(joined, "hd"), "sandbox.example");
}

TEST_F(Authorize, AdministratorsCanBlockAnApplication) {
    EXPECT_TRUE(sandbox.add_user("home@gmail.com", "Home"));
    const auto granted = tokens(wish(kModify));
    const auto outstanding = code(wish(kModify));
    auto at_home = with(wish(kModify), {});
    at_home.back().second = "home@gmail.com";
    const auto home = text(tokens(at_home), "/refresh_token");
    set({{"restricted", true}});
    expect_page(authorize(wish(kModify)), 400, "admin_policy_enforced", "administrator");
    expect_dead(text(granted, "/refresh_token"));
    EXPECT_EQ(get("/gmail/v1/users/me/profile", text(granted, "/access_token")).status, 401);
    expect_refused(exchange(outstanding), 400, "invalid_grant");
    EXPECT_TRUE(refreshed(home).contains("access_token")) << "a private account has no administrator";
    set({{"restricted", false}});
    expect_dead(text(granted, "/refresh_token"));
    EXPECT_TRUE(tokens(wish(kModify)).contains("refresh_token"));
}

TEST_F(Authorize, InternalApplicationsKeepStrangersOut) {
    set({{"internal_to", "Sandbox.Example"}});
    EXPECT_EQ(authorize(wish("openid")).status, 302);
    auto stranger = wish("openid");
    stranger.back().second = "linus@other.example";
    expect_page(authorize(stranger), 403, "org_internal", "restricted to users within sandbox.example");
}

TEST_F(Authorize, DeletedClientsAreGone) {
    const auto granted = tokens(wish(kModify));
    set({{"deleted", true}});
    expect_page(authorize(wish("openid")), 401, "deleted_client", "The OAuth client was deleted.");
    expect_refused(refresh(text(granted, "/refresh_token")), 401, "deleted_client");
    EXPECT_EQ(get("/gmail/v1/users/me/profile", text(granted, "/access_token")).status, 401);
}

TEST_F(Authorize, StandingIsCheckedAndKeptWhereNothingIsSaid) {
    set({{"publishing", "testing"}, {"grant_seconds", 60}});
    set({{"internal_to", "x.example"}});
    const auto now = object(get("/_sandbox/clients/app"));
    EXPECT_EQ(
        json::serialize(now),
        R"({"publishing":"testing","restricted":false,"deleted":false,"internal_to":"x.example","grant_seconds":60})");
    for (const json::object& wrong : std::vector<json::object>{
             {{"publishing", "public"}}, {{"restricted", 1}}, {{"deleted", "yes"}}, {{"grant_seconds", -1}}})
        EXPECT_EQ(post("/_sandbox/clients/app", wrong).status, 422) << json::serialize(wrong);
    EXPECT_EQ(object(get("/_sandbox/clients/app")), now);
}

}  // namespace
}  // namespace inboxpro::sandbox::oauth
