#include "sandbox/oauth/oauth_visitor.h"

namespace inboxpro::sandbox::oauth {
namespace {

using Refresh = OAuthVisitor;

TEST_F(Refresh, RefreshesUntilRevoked) {
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

TEST_F(Refresh, LetsRefreshTokensDieAsGoogleDoes) {
    const auto unused = text(tokens(wish(kModify)), "/refresh_token");
    clock.advance(24h * 184);
    expect_refused(refresh(unused), 400, "invalid_grant");
    const auto consent = with(wish(kModify), {{"prompt", "consent"}});
    const auto oldest = text(tokens(consent), "/refresh_token");
    for (int i = 0; i < 100; ++i) tokens(consent);
    expect_refused(refresh(oldest), 400, "invalid_grant");
}

TEST_F(Refresh, EndsWhenEitherTokenIsRevokedInFormOrQuery) {
    for (const char* kind : {"/access_token", "/refresh_token"})
        for (bool in_query : {false, true}) {
            const auto granted = tokens(with(wish(kModify), {{"prompt", "consent"}}));
            const auto revoked = text(granted, kind);
            const auto answer = in_query ? call(http::Method::post, "/revoke?token=" + query_encoded(revoked))
                                         : post_form("/revoke", {{"token", revoked}});
            EXPECT_EQ(answer.status, 200) << kind;
            expect_dead(text(granted, "/refresh_token"));
            EXPECT_EQ(get("/gmail/v1/users/me/profile", text(granted, "/access_token")).status, 401);
        }
    expect_refused(post_form("/revoke", {}), 400, "invalid_request");
}

TEST_F(Refresh, KeepsAliveWhatIsUsedWithinSixMonths) {
    const auto token = text(tokens(wish(kModify)), "/refresh_token");
    for (int i = 0; i < 3; ++i) {
        clock.advance(24h * 182);
        refreshed(token);
    }
    clock.advance(24h * 184);
    expect_dead(token);
}

TEST_F(Refresh, EndsWithThePasswordOnlyWhereGmailIsGranted) {
    const std::string calendar = "https://www.googleapis.com/auth/calendar";
    const auto mail = text(tokens(wish(kModify)), "/refresh_token");
    const auto mixed =
        text(tokens(with(wish(calendar + " https://mail.google.com/"), {{"prompt", "consent"}})), "/refresh_token");
    const auto other = text(tokens(with(wish(calendar), {{"prompt", "consent"}})), "/refresh_token");
    const auto answer = post("/_sandbox/users/ada@sandbox.example/password-change", json::object{});
    EXPECT_EQ(object(answer).at("ended_refresh_tokens").to_number<int>(), 2);
    expect_dead(mail);
    expect_dead(mixed);
    refreshed(other);
    EXPECT_EQ(post("/_sandbox/users/nobody@x.example/password-change", json::object{}).status, 404);
}

TEST_F(Refresh, EndsAfterSevenDaysInTesting) {
    set({{"publishing", "testing"}});
    const auto sign_in = tokens(wish("openid email profile"));
    EXPECT_FALSE(sign_in.contains("refresh_token_expires_in")) << "name and address alone are not limited";
    const auto granted = tokens(with(wish(kModify), {{"prompt", "consent"}}));
    EXPECT_EQ(granted.at("refresh_token_expires_in").to_number<int>(), 604'799);
    set({{"publishing", "production"}});
    clock.advance(24h * 7 - 1s);
    EXPECT_EQ(refreshed(text(granted, "/refresh_token")).at("refresh_token_expires_in").to_number<int>(), 0);
    clock.advance(1s);
    expect_dead(text(granted, "/refresh_token"));
    refreshed(text(sign_in, "/refresh_token"));
    const auto published = tokens(with(wish(kModify), {{"prompt", "consent"}}));
    EXPECT_FALSE(published.contains("refresh_token_expires_in"));
}

TEST_F(Refresh, CountsTheSevenDaysFromConsent) {
    set({{"publishing", "testing"}});
    const auto late = code(wish(kModify));
    clock.advance(9min);
    EXPECT_EQ(object(exchange(late)).at("refresh_token_expires_in").to_number<int>(), 604'799 - 540);
}

TEST_F(Refresh, EndsWithATimeLimitedGrant) {
    set({{"grant_seconds", 3'600}});
    const auto granted = tokens(wish("openid"));
    EXPECT_EQ(granted.at("refresh_token_expires_in").to_number<int>(), 3'599);
    clock.advance(3'599s);
    refreshed(text(granted, "/refresh_token"));
    clock.advance(1s);
    expect_dead(text(granted, "/refresh_token"));
    set({{"grant_seconds", 0}});
    EXPECT_FALSE(tokens(with(wish("openid"), {{"prompt", "consent"}})).contains("refresh_token_expires_in"));
}

TEST_F(Refresh, OnlyLiveTokensCountTowardsTheHundred) {
    const auto consent = with(wish("openid"), {{"prompt", "consent"}});
    const auto first = text(tokens(consent), "/refresh_token");
    for (int i = 0; i < 99; ++i) tokens(consent);
    refreshed(first);
    set({{"grant_seconds", 1}});
    tokens(consent);
    expect_dead(first);
    const auto others = [&] {
        auto fields = consent;
        fields[6].second = "grace@sandbox.example";
        return text(tokens(fields), "/refresh_token");
    };
    set({{"grant_seconds", 0}});
    const auto grace = others();
    tokens(consent);
    refreshed(grace);
}

}  // namespace
}  // namespace inboxpro::sandbox::oauth
