#include "app/google_check.h"

#include <gmock/gmock.h>

#include "accounts/accounts_world.h"
#include "testing/tiny_server.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;
using inboxpro::testing::AccountsWorld;
using inboxpro::testing::reply;
using inboxpro::testing::run;
using inboxpro::testing::TinyServer;
using ::testing::HasSubstr;
using Call = inboxpro::testing::ScriptedGoogle::Call;

std::string trouble(const Result<void>& outcome) {
    return outcome ? "" : outcome.error().detail;
}

std::string redirect_trouble(std::string origin) {
    Config config;
    config.server.origin = std::move(origin);
    return trouble(check_redirect_uri(config));
}

TEST(CheckRedirectUri, KnowsWhatGoogleTakes) {
    for (const auto* good : {"https://mail.example.com", "https://mail.example.com:8443", "http://localhost:8080",
                             "http://127.0.0.1:8080"})
        EXPECT_EQ(redirect_trouble(good), "") << good;
    EXPECT_THAT(redirect_trouble(""), HasSubstr("server.origin"));
    EXPECT_THAT(redirect_trouble("http://mail.example.com"), HasSubstr("must be https"));
    for (const auto* bad : {"https://192.0.2.7", "https://[2001:db8::1]:8080", "https://intranet"})
        EXPECT_THAT(redirect_trouble(bad), HasSubstr("public name")) << bad;
}

TEST(CheckPubsub, WantsAllThreeOrNone) {
    Config config;
    EXPECT_EQ(trouble(check_pubsub(config)), "");
    config.google.pubsub_topic = "projects/p/topics/t";
    EXPECT_THAT(trouble(check_pubsub(config)), HasSubstr("belong together"));
    config.google.pubsub_audience = "https://mail.example.com/google/push";
    config.google.pubsub_service_account = "push@p.iam.gserviceaccount.com";
    EXPECT_EQ(trouble(check_pubsub(config)), "");
    for (const auto* topic : {"t", "projects//topics/t", "projects/p/topics/", "projects/p/subscriptions/s"}) {
        config.google.pubsub_topic = topic;
        EXPECT_THAT(trouble(check_pubsub(config)), HasSubstr("pubsub_topic")) << topic;
    }
    config.google.pubsub_topic = "projects/p/topics/t";
    config.google.pubsub_service_account = "ann@example.com";
    EXPECT_THAT(trouble(check_pubsub(config)), HasSubstr("service account"));
}

struct Connection : ::testing::Test {
    std::string client() { return trouble(run(check_client(world.google))); }
    std::string accounts() { return trouble(run(check_accounts(world.accounts, world.access))); }
    AccountsWorld world;
};

TEST_F(Connection, IsRightWhenGoogleRefusesNothingButTheToken) {
    EXPECT_EQ(client(), "");
}

TEST_F(Connection, NamesAWrongClientOrSecret) {
    world.google.fail_next(Call::refresh, {.kind = ErrorKind::denied, .detail = "invalid_client"});
    EXPECT_THAT(client(), HasSubstr("does not accept google.client_id with this secret"));
    world.google.fail_next(Call::refresh, {.kind = ErrorKind::unavailable, .detail = "no answer: timeout"});
    EXPECT_THAT(client(), HasSubstr("no answer: timeout"));
}

TEST_F(Connection, IsWellWithoutAccountsAndWithOneThatWorks) {
    EXPECT_EQ(accounts(), "");
    world.activated();
    EXPECT_EQ(accounts(), "");
    EXPECT_EQ(world.google.calls(Call::profile), 1);
}

TEST_F(Connection, SaysThatTheGmailApiIsNotEnabled) {
    const auto ann = world.activated();
    world.google.fail_next(Call::profile, {.kind = ErrorKind::denied, .detail = "accessNotConfigured"});
    EXPECT_THAT(accounts(), HasSubstr("the Gmail API is not enabled"));
    world.access.forget(ann.id);
    world.google.fail_next(Call::profile, {.kind = ErrorKind::denied, .detail = "domainPolicy"});
    EXPECT_THAT(accounts(), HasSubstr("administrator"));
    world.access.forget(ann.id);
    world.google.fail_next(Call::profile, {.kind = ErrorKind::rate_limited, .detail = "quotaExceeded"});
    EXPECT_THAT(accounts(), HasSubstr("google.units_per_minute"));
}

TEST_F(Connection, CountsAccountsThatMustReconnect) {
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(run(world.accounts.create(
            {.state = Account::State::reconnect_needed, .email = fmt::format("{}@example.com", i)})));
    EXPECT_THAT(accounts(), HasSubstr("3 account(s) must be connected"));
}

TEST_F(Connection, RecognisesAnAppInTesting) {
    auto ann = world.activated();
    ann.grant_ends_at = world.clock.now() + std::chrono::days{7};
    ASSERT_TRUE(run(world.accounts.update(ann)));
    EXPECT_THAT(accounts(), HasSubstr("the app is in Testing"));
}

TEST_F(Connection, CountsTheAccountsWhoseMailCouldBeRead) {
    auto ann = world.activated();
    EXPECT_EQ(note_on(run(world.accounts.health()).value()), "");
    ann.scopes = {std::string(scope::kGmailModify)};
    ann.refresh_token = world.google.grant({}, ann.scopes);
    ASSERT_TRUE(run(world.accounts.update(ann)));
    EXPECT_EQ(accounts(), "") << "it is a user's choice and no trouble";
    EXPECT_THAT(note_on(run(world.accounts.health()).value()), HasSubstr("1 account(s) let delivery reports be read"));
}

TEST_F(Connection, FindsAGrantThatDiedMeanwhile) {
    world.activated();
    world.google.withdraw("1001");
    EXPECT_THAT(accounts(), HasSubstr("connected with Google again"));
    EXPECT_THAT(accounts(), HasSubstr("1 account(s)")) << "and it is noted";
}

TEST_F(Connection, ComparesTheClockWithGoogles) {
    std::string date = "Date: Mon, 23 Nov 2026 09:00:30 GMT\r\n";
    TinyServer server([&](const std::string&) { return reply("200 OK", "{}", date); });
    HttpClient http;
    const auto look = [&] { return trouble(run(check_clock(http, world.clock, server.origin()))); };
    EXPECT_EQ(look(), "");
    date = "Date: Mon, 23 Nov 2026 09:05:00 GMT\r\n";
    EXPECT_THAT(look(), HasSubstr("300 s behind Google's"));
    date = "Date: Mon, 23 Nov 2026 08:00:00 GMT\r\n";
    EXPECT_THAT(look(), HasSubstr("3600 s ahead of Google's"));
    date = "";
    EXPECT_EQ(look(), "") << "nothing to compare with";
    EXPECT_THAT(trouble(run(check_clock(http, world.clock, "http://127.0.0.1:1/"))), HasSubstr("cannot be reached"));
}

}  // namespace
}  // namespace inboxpro::app
