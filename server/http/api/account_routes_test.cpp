#include "http/api/account_routes.h"

#include <gmock/gmock.h>

#include "http/api/app_world.h"

namespace inboxpro::http {
namespace {

using testing::AppWorld;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

class AccountOfAnn : public ::testing::Test {
  protected:
    Response ask(Method method, std::string path, std::string body = {}) {
        return world_.ask(AppWorld::by_session(method, std::move(path), session_, std::move(body)));
    }
    static std::string code_of(const Response& response) {
        return std::string(AppWorld::json_of(response).at("error").at("code").as_string());
    }
    static std::string field_of(const Response& response) {
        return std::string(AppWorld::json_of(response).at("error").at("field").as_string());
    }

    AppWorld world_;
    Account ann_ = world_.activated();
    Secret session_ = world_.session_of(ann_);
};

TEST_F(AccountOfAnn, IsShownAsTheApiSays) {
    const auto answer = ask(Method::get, "/api/v1/account");
    ASSERT_EQ(answer.status, 200);
    const auto shown = AppWorld::json_of(answer);
    EXPECT_EQ(shown.at("id").as_string(), ann_.id.text());
    EXPECT_EQ(shown.at("email").as_string(), "ann@example.com");
    EXPECT_EQ(shown.at("name").as_string(), "Ann Example");
    EXPECT_EQ(shown.at("state").as_string(), "active");
    EXPECT_EQ(shown.at("tracking_mode").as_string(), "off");
    EXPECT_EQ(shown.at("created_at").as_string(), "2026-11-23T09:00:00.000Z");
    const auto feature = shown.at("features").as_array().at(0).as_object();
    EXPECT_EQ(feature.at("id").as_string(), "sending");
    EXPECT_EQ(feature.at("scopes").as_array().size(), 3U);
    EXPECT_TRUE(feature.at("granted").as_bool());
}

TEST_F(AccountOfAnn, SaysHowFarItsMailboxIsFollowed) {
    const auto mailbox = [&] {
        return AppWorld::json_of(ask(Method::get, "/api/v1/account")).at("mailbox").as_object();
    };
    EXPECT_EQ(mailbox(), (boost::json::object{{"followed", false}, {"pushed", false}}));
    FollowedMailbox followed{.account = ann_.id, .due_at = world_.clock.now()};
    ASSERT_TRUE(run(world_.mailboxes.add(followed)));
    EXPECT_EQ(mailbox(), (boost::json::object{{"followed", true}, {"pushed", false}}));
    followed.version = 1;
    followed.looked_at = world_.clock.now();
    followed.watch = {.topic = "t", .expires_at = world_.clock.now() + std::chrono::hours{1}};
    ASSERT_TRUE(run(world_.mailboxes.update(followed)));
    EXPECT_EQ(mailbox(), (boost::json::object{
                             {"followed", true}, {"pushed", true}, {"last_looked_at", "2026-11-23T09:00:00.000Z"}}));
    world_.clock.advance(std::chrono::hours{1});
    const auto later = world_.session_of(ann_);
    EXPECT_FALSE(AppWorld::json_of(world_.ask(AppWorld::by_session(Method::get, "/api/v1/account", later)))
                     .at("mailbox")
                     .at("pushed")
                     .as_bool());
}

TEST_F(AccountOfAnn, NeverShowsATokenOfGoogles) {
    ASSERT_TRUE(run(world_.access.access_token(ann_.id, method::kSendDraft)));
    for (const auto* path :
         {"/api/v1/account", "/api/v1/account/sessions", "/api/v1/account/tokens", "/api/v1/account/senders"}) {
        const auto answer = ask(Method::get, path);
        ASSERT_EQ(answer.status, 200) << path;
        EXPECT_EQ(answer.body.find("ya29"), std::string::npos) << path;
        EXPECT_EQ(answer.body.find("1//"), std::string::npos) << path;
        EXPECT_EQ(answer.body.find(session_.reveal()), std::string::npos) << path;
    }
}

TEST_F(AccountOfAnn, ChangesItsTrackingMode) {
    EXPECT_EQ(AppWorld::json_of(ask(Method::patch, "/api/v1/account", R"({"tracking_mode":"consented_only"})"))
                  .at("tracking_mode")
                  .as_string(),
              "consented_only");
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->tracking_mode, TrackingMode::consented_only);
    const auto refused = ask(Method::patch, "/api/v1/account", R"({"tracking_mode":"sometimes"})");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(field_of(refused), "tracking_mode");
    EXPECT_EQ(ask(Method::patch, "/api/v1/account", R"({"email":"x@example.com"})").status / 100, 4);
}

TEST_F(AccountOfAnn, SendsTheBrowserToGoogleForAPermission) {
    const auto answer = ask(Method::post, "/api/v1/account/permissions", R"({"feature":"sending"})");
    ASSERT_EQ(answer.status, 200);
    EXPECT_THAT(std::string(AppWorld::json_of(answer).at("url").as_string()),
                ::testing::StartsWith("https://accounts.google.com/o/oauth2/v2/auth?"));
    EXPECT_THAT(std::string(answer.headers.get("Set-Cookie")), ::testing::StartsWith("__Host-inboxpro-sign-in="));
    EXPECT_EQ(field_of(ask(Method::post, "/api/v1/account/permissions", R"({"feature":"calendar"})")), "feature");
    const auto by_token = world_.ask(AppWorld::by_token(Method::post, "/api/v1/account/permissions",
                                                        world_.token_of(ann_), R"({"feature":"sending"})"));
    EXPECT_EQ(by_token.status, 403);
}

TEST_F(AccountOfAnn, ChoosesToLetReportsBeReadAndTakesItBack) {
    const auto features = [&] {
        return AppWorld::json_of(world_.ask(AppWorld::by_session(Method::get, "/api/v1/account", session_)))
            .at("features")
            .as_array();
    };
    EXPECT_FALSE(features().at(0).as_object().contains("price"));
    EXPECT_FALSE(features().at(1).at("granted").as_bool());
    EXPECT_THAT(std::string(features().at(1).at("price").as_string()), ::testing::HasSubstr("You can give it back"));
    EXPECT_EQ(ask(Method::del, "/api/v1/account/permissions/delivery_reports").status, 422) << "it is not on";
    EXPECT_EQ(ask(Method::del, "/api/v1/account/permissions/sending").status, 422);
    EXPECT_EQ(ask(Method::del, "/api/v1/account/permissions/nonsense").status, 404);
    auto granted = run(world_.accounts.get(ann_.id)).value();
    granted.scopes = {std::string(scope::kGmailModify)};
    ASSERT_TRUE(run(world_.accounts.update(granted)));
    EXPECT_TRUE(features().at(1).at("granted").as_bool());
    const auto by_token = world_.ask(
        AppWorld::by_token(Method::del, "/api/v1/account/permissions/delivery_reports", world_.token_of(ann_)));
    EXPECT_EQ(by_token.status, 403);
    const auto answer = ask(Method::del, "/api/v1/account/permissions/delivery_reports");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(world_.google.calls(Call::revoke), 1);
    const std::string url(AppWorld::json_of(answer).at("url").as_string());
    EXPECT_THAT(url, ::testing::HasSubstr("gmail.metadata"));
    EXPECT_THAT(url, ::testing::Not(::testing::HasSubstr("gmail.modify")));
    EXPECT_THAT(std::string(answer.headers.get("Set-Cookie")), ::testing::StartsWith("__Host-inboxpro-sign-in="));
    EXPECT_FALSE(features().at(1).at("granted").as_bool());
}

TEST_F(AccountOfAnn, Disconnects) {
    const auto token = world_.token_of(ann_);
    const auto answer = ask(Method::post, "/api/v1/account/disconnect");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.headers.get("Clear-Site-Data"), R"("cache", "cookies", "storage")");
    EXPECT_EQ(world_.google.calls(Call::revoke), 1);
    EXPECT_EQ(ask(Method::get, "/api/v1/account").status, 401);
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::get, "/api/v1/account", token)).status, 401);
}

TEST_F(AccountOfAnn, ListsItsSessionsAndEndsOne) {
    const auto other = world_.session_of(ann_);
    const auto items = AppWorld::json_of(ask(Method::get, "/api/v1/account/sessions")).at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    std::string other_id;
    int current = 0;
    for (const auto& item : items) {
        current += item.at("current").as_bool() ? 1 : 0;
        if (!item.at("current").as_bool()) other_id = item.at("id").as_string();
    }
    EXPECT_EQ(current, 1);
    EXPECT_EQ(ask(Method::del, "/api/v1/account/sessions/" + other_id).status, 204);
    EXPECT_FALSE(run(world_.sessions.find(other)));
    EXPECT_TRUE(run(world_.sessions.find(session_)));
    EXPECT_EQ(ask(Method::del, "/api/v1/account/sessions/" + other_id).status, 404);
    EXPECT_EQ(ask(Method::del, "/api/v1/account/sessions/nonsense").status, 404);
}

TEST_F(AccountOfAnn, SignsOutAndEmptiesTheBrowser) {
    const auto answer = ask(Method::post, "/api/v1/session/end");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.headers.get("Clear-Site-Data"), R"("cache", "cookies", "storage")");
    EXPECT_THAT(std::string(answer.headers.get("Set-Cookie")), ::testing::HasSubstr("Max-Age=0"));
    EXPECT_EQ(ask(Method::get, "/api/v1/account").status, 401);
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::post, "/api/v1/session/end", world_.token_of(ann_))).status, 400);
}

TEST_F(AccountOfAnn, MakesATokenThatIsShownOnce) {
    const auto answer =
        ask(Method::post, "/api/v1/account/tokens", R"({"name":"Weekly report","scopes":["reports:read"]})");
    ASSERT_EQ(answer.status, 201);
    const auto made = AppWorld::json_of(answer);
    const Secret token{Bytes(made.at("token").as_string())};
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::get, "/api/v1/messages", token)).status, 403);
    const auto listed = ask(Method::get, "/api/v1/account/tokens");
    EXPECT_EQ(listed.body.find(token.reveal()), std::string::npos);
    const auto item = AppWorld::json_of(listed).at("items").as_array().at(0);
    EXPECT_EQ(item.at("name").as_string(), "Weekly report");
    EXPECT_EQ(item.at("id"), made.at("id"));
    EXPECT_EQ(ask(Method::del, "/api/v1/account/tokens/" + std::string(made.at("id").as_string())).status, 204);
    EXPECT_EQ(world_.ask(AppWorld::by_token(Method::get, "/api/v1/account", token)).status, 401);
}

TEST_F(AccountOfAnn, RefusesTokensThatMakeNoSense) {
    const auto field_refused = [&](std::string body) {
        const auto answer = ask(Method::post, "/api/v1/account/tokens", std::move(body));
        EXPECT_EQ(answer.status, 422) << answer.body;
        return field_of(answer);
    };
    EXPECT_EQ(field_refused(R"({"name":"","scopes":["reports:read"]})"), "name");
    EXPECT_EQ(field_refused(fmt::format(R"({{"name":"{}","scopes":["reports:read"]}})", std::string(101, 'x'))),
              "name");
    EXPECT_EQ(field_refused(R"({"name":"x","scopes":[]})"), "scopes");
    EXPECT_EQ(field_refused(R"({"name":"x","scopes":["everything"]})"), "scopes");
    EXPECT_EQ(field_refused(R"({"name":"x","scopes":["reports:read","reports:read"]})"), "scopes");
}

TEST_F(AccountOfAnn, LetsNoTokenGiveMoreThanItHas) {
    const auto writer = world_.token_of(ann_, {"account:write"});
    const auto answer = world_.ask(AppWorld::by_token(Method::post, "/api/v1/account/tokens", writer,
                                                      R"({"name":"x","scopes":["messages:read"]})"));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(run(world_.tokens.list(ann_.id))->size(), 1U);
}

TEST_F(AccountOfAnn, MakesOneTokenForARepeatedRequest) {
    std::set<std::string> bodies;
    for (int i = 0; i < 2; ++i) {
        auto request = AppWorld::by_session(Method::post, "/api/v1/account/tokens", session_,
                                            R"({"name":"x","scopes":["reports:read"]})");
        request.headers.add("Idempotency-Key", "key-1");
        bodies.insert(world_.ask(std::move(request)).body);
    }
    EXPECT_EQ(bodies.size(), 1U);
    EXPECT_EQ(run(world_.tokens.list(ann_.id))->size(), 1U);
}

TEST_F(AccountOfAnn, OffersOnlyVerifiedSenders) {
    world_.google.mailbox("1001").send_as = {
        {.address = "ann@example.com",
         .display_name = "Ann",
         .signature_html = {},
         .is_primary = true,
         .is_default = true},
        {.address = "pending@example.com", .display_name = "P", .signature_html = {}, .is_verified = false}};
    const auto items = AppWorld::json_of(ask(Method::get, "/api/v1/account/senders")).at("items").as_array();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].at("address").as_string(), "ann@example.com");
    EXPECT_TRUE(items[0].at("is_primary").as_bool());
}

}  // namespace
}  // namespace inboxpro::http
