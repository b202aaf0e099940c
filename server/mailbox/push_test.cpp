#include "mailbox/push.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "mailbox/mailbox_world.h"
#include "testing/id_token_signer.h"

namespace inboxpro {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

std::string notice(const json::value& data, bool for_urls = false) {
    const auto text = json::serialize(data);
    return json::serialize(json::object{{"message",
                                         {{"data", for_urls ? base64url(text) : base64(text)},
                                          {"messageId", "1"},
                                          {"message_id", "1"},
                                          {"publishTime", "2026-11-23T09:00:00Z"}}},
                                        {"subscription", "projects/p/subscriptions/s"}});
}

TEST(PushNotice, ReadsTheIdAsANumberAndAsAText) {
    for (const json::value& id : {json::value(1234567890123), json::value("1234567890123")})
        for (const bool for_urls : {false, true}) {
            const auto read =
                read_push_notice(notice({{"emailAddress", "ann@example.com"}, {"historyId", id}}, for_urls));
            ASSERT_TRUE(read);
            EXPECT_EQ(read->email, "ann@example.com");
            EXPECT_EQ(read->history_id, 1'234'567'890'123U);
        }
    for (const json::value& id : {json::value(-1), json::value("12x"), json::value(nullptr), json::value(1.5)})
        EXPECT_EQ(read_push_notice(notice({{"emailAddress", "a@b.c"}, {"historyId", id}}))->history_id, 0U);
}

TEST(PushNotice, RefusesWhatIsNone) {
    for (const auto* text : {"", "{}", "[]", "null", R"({"message":1})", R"({"message":{"data":"%"}})",
                             R"({"message":{"data":"bnVsbA=="}})", R"({"message":{"data":"e30="}})"})
        EXPECT_FALSE(read_push_notice(text)) << text;
}

class Push : public ::testing::Test {
  protected:
    json::object claims() const {
        const auto now = std::chrono::floor<std::chrono::seconds>(world_.clock.now()).time_since_epoch().count();
        return {{"iss", "https://accounts.google.com"},
                {"aud", "https://app.example/google/push"},
                {"azp", "1"},
                {"sub", "1"},
                {"email", "push@p.iam.gserviceaccount.com"},
                {"email_verified", true},
                {"iat", now},
                {"exp", now + 3'600}};
    }
    Result<void> take(const std::string& token, std::string body) {
        return run(notices_.take(Secret{token}, std::move(body)));
    }
    Result<void> take_with(std::string_view claim, json::value value) {
        auto changed = claims();
        changed[claim] = std::move(value);
        return take(signer_.sign({}, changed), fresh_notice());
    }
    std::string fresh_notice() { return notice({{"emailAddress", "Ann@example.com"}, {"historyId", 50}}); }
    bool is_due() { return !run(world_.follower.due(10)).value().empty(); }

    testing::MailboxWorld world_;
    testing::IdTokenSigner signer_;
    GoogleKeys keys_{world_.google, world_.clock};
    PushNotices notices_{
        {.audience = "https://app.example/google/push", .service_account = "push@p.iam.gserviceaccount.com"},
        keys_,
        world_.follower,
        world_.accounts};
    AccountId account_ = world_.followed();
};

TEST_F(Push, MakesTheMailboxDue) {
    world_.clock.advance(20s);
    ASSERT_FALSE(is_due());
    EXPECT_TRUE(take(signer_.sign({}, claims()), fresh_notice()));
    EXPECT_TRUE(is_due());
}

TEST_F(Push, ChangesNothingButTheTime) {
    world_.clock.advance(20s);
    const auto before = world_.mailbox(account_);
    EXPECT_TRUE(take(signer_.sign({}, claims()), fresh_notice()));
    const auto after = world_.mailbox(account_);
    EXPECT_EQ(after.history_id, before.history_id);
    EXPECT_EQ(after.state, before.state);
}

TEST_F(Push, AcceptsAndForgetsWhatItCannotUse) {
    world_.clock.advance(20s);
    const auto token = signer_.sign({}, claims());
    EXPECT_TRUE(take(token, notice({{"emailAddress", "nobody@example.com"}, {"historyId", 5}})));
    EXPECT_TRUE(take(token, "no JSON"));
    EXPECT_TRUE(take(token, notice({{"emailAddress", "ann@example.com"}, {"historyId", 1}})));
    EXPECT_FALSE(is_due());
}

TEST_F(Push, RefusesTokensThatGoogleDidNotSignOrSignedForOthers) {
    world_.clock.advance(20s);
    const auto good = signer_.sign({}, claims());
    for (const std::string& bad : {std::string(), std::string("x.y.z"), good + "A", good.substr(0, good.size() - 8)})
        EXPECT_EQ(take(bad, fresh_notice()).error().kind, ErrorKind::invalid);
    EXPECT_EQ(take(signer_.sign({{"alg", "none"}}, claims()), fresh_notice()).error().kind, ErrorKind::invalid);
    EXPECT_EQ(take_with("iss", "https://evil.example").error().kind, ErrorKind::invalid);
    EXPECT_EQ(take_with("exp", 1).error().kind, ErrorKind::invalid);
    EXPECT_EQ(take_with("aud", "https://other.example/").error().kind, ErrorKind::denied);
    EXPECT_EQ(take_with("email", "other@p.iam.gserviceaccount.com").error().kind, ErrorKind::denied);
    EXPECT_EQ(take_with("email_verified", false).error().kind, ErrorKind::denied);
    EXPECT_EQ(take_with("email_verified", nullptr).error().kind, ErrorKind::denied);
    EXPECT_FALSE(is_due());
}

TEST_F(Push, FetchesKeysOnceAndForUnknownIdsAtMostOnceAMinute) {
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(take(signer_.sign({}, claims()), fresh_notice()));
    EXPECT_EQ(world_.google.calls(Call::signing_keys), 1);
    const testing::IdTokenSigner stranger("key-9");
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(take(stranger.sign({}, claims()), fresh_notice()));
    EXPECT_EQ(world_.google.calls(Call::signing_keys), 2);
    world_.clock.advance(1min);
    world_.google.rotate_signing_key("key-9");
    EXPECT_TRUE(take(stranger.sign({}, claims()), fresh_notice()));
    EXPECT_EQ(world_.google.calls(Call::signing_keys), 3);
}

TEST_F(Push, SaysWhenItCannotTell) {
    world_.google.fail_next(Call::signing_keys, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_EQ(take(signer_.sign({}, claims()), fresh_notice()).error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(take(signer_.sign({}, claims()), fresh_notice()));
}

}  // namespace
}  // namespace inboxpro
