#include "http/public/push_routes.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "accounts/accounts_world.h"

namespace inboxpro::http {
namespace {

using testing::run;
using Call = testing::ScriptedGoogle::Call;

class PushRoutes : public ::testing::Test {
  protected:
    PushRoutes() { add_push_routes(router_, notices_); }

    std::string token(std::string_view audience = "https://app.example/google/push") const {
        const auto now = std::chrono::floor<std::chrono::seconds>(world_.clock.now()).time_since_epoch().count();
        return signer_.sign({}, {{"iss", "https://accounts.google.com"},
                                 {"aud", audience},
                                 {"email", "push@p.iam.gserviceaccount.com"},
                                 {"email_verified", true},
                                 {"exp", now + 3'600}});
    }
    static std::string notice(std::string_view email = "ann@example.com") {
        const auto data = boost::json::serialize(boost::json::object{{"emailAddress", email}, {"historyId", "900"}});
        return boost::json::serialize(
            boost::json::object{{"message", {{"data", base64(data)}, {"messageId", "1"}}}, {"subscription", "s"}});
    }
    Response push(std::string authorization, std::string body) {
        Request request{
            .method = Method::post, .target = "/google/push", .path = "/google/push", .body = std::move(body)};
        if (!authorization.empty()) request.headers.add("Authorization", std::move(authorization));
        return run(router_.answer(std::move(request)));
    }
    bool is_due() { return !run(follower_.due(10)).value().empty(); }

    testing::AccountsWorld world_{{}, {&kMailboxes}};
    Mailboxes mailboxes_{world_.documents};
    Follower follower_{{}, mailboxes_, world_.access, world_.accounts, world_.clock, world_.random};
    testing::IdTokenSigner signer_;
    GoogleKeys keys_{world_.google, world_.clock};
    PushNotices notices_{
        {.audience = "https://app.example/google/push", .service_account = "push@p.iam.gserviceaccount.com"},
        keys_,
        follower_,
        world_.accounts};
    Router router_;
};

TEST_F(PushRoutes, TakeANoticeAndLookSoon) {
    const auto ann = world_.activated();
    ASSERT_TRUE(run(follower_.follow(ann.id)));
    ASSERT_TRUE(run(follower_.look(ann.id)));
    world_.clock.advance(std::chrono::seconds{20});
    ASSERT_FALSE(is_due());
    const auto answer = push("Bearer " + token(), notice());
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.body, "");
    EXPECT_TRUE(is_due());
}

TEST_F(PushRoutes, TakeEveryNoticeOfTheRightSender) {
    for (const auto& body : {notice("nobody@example.com"), std::string("{"), std::string()})
        EXPECT_EQ(push("Bearer " + token(), body).status, 204) << body;
    EXPECT_EQ(push("Bearer " + token(), std::string(kLargestPush + 1, 'x')).status, 413);
}

TEST_F(PushRoutes, RefuseEverybodyElse) {
    for (const auto* authorization : {"", "Bearer ", "Bearer a.b.c", "Basic YTpi"})
        EXPECT_EQ(push(authorization, notice()).status, 401) << authorization;
    EXPECT_EQ(push("bearer" + token(), notice()).status, 401);
    EXPECT_EQ(push("Bearer " + token("https://other.example"), notice()).status, 403);
    EXPECT_FALSE(is_due());
}

TEST_F(PushRoutes, AskForTheNoticeAgainWhileGooglesKeysCannotBeHad) {
    world_.google.fail_next(Call::signing_keys, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_EQ(push("Bearer " + token(), notice()).status, 503);
}

}  // namespace
}  // namespace inboxpro::http
