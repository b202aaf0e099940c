#include "accounts/google_access.h"

#include <gmock/gmock.h>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::AccountsWorld;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

class AccessOfAnn : public ::testing::Test {
  protected:
    Result<GmailProfile> profile() {
        return run(world_.access.as<GmailProfile>(
            ann_.id, method::kGetProfile, [this](Secret token) { return world_.google.profile(std::move(token)); }));
    }
    Result<Secret> token() { return run(world_.access.access_token(ann_.id, method::kSendDraft)); }
    int refreshes() const { return world_.google.calls(Call::refresh); }

    AccountsWorld world_;
    Account ann_ = world_.activated();
};

TEST_F(AccessOfAnn, RefreshesOnceAndThenUsesTheToken) {
    EXPECT_EQ(profile()->address, "ann@example.com");
    EXPECT_TRUE(profile());
    EXPECT_EQ(refreshes(), 1);
}

TEST_F(AccessOfAnn, RefreshesShortlyBeforeTheTokenEnds) {
    ASSERT_TRUE(token());
    world_.clock.advance(3'538s);
    ASSERT_TRUE(token());
    EXPECT_EQ(refreshes(), 1);
    world_.clock.advance(1s);
    ASSERT_TRUE(token());
    EXPECT_EQ(refreshes(), 2);
}

TEST_F(AccessOfAnn, RefreshesOnceForManyWaiters) {
    boost::asio::io_context loop;
    int served = 0;
    for (int i = 0; i < 50; ++i)
        boost::asio::co_spawn(loop, world_.access.access_token(ann_.id, method::kSendDraft),
                              [&](std::exception_ptr, Result<Secret> outcome) { served += outcome ? 1 : 0; });
    loop.run();
    EXPECT_EQ(served, 50);
    EXPECT_EQ(refreshes(), 1);
}

TEST_F(AccessOfAnn, RefreshesOnceForWaitersOnManyThreads) {
    std::atomic<int> served = 0;
    std::vector<std::unique_ptr<boost::asio::io_context>> loops;
    for (int i = 0; i < 4; ++i) loops.push_back(std::make_unique<boost::asio::io_context>());
    const auto first_token = token().value();
    world_.clock.advance(1h);
    for (int i = 0; i < 40; ++i)
        boost::asio::co_spawn(
            *loops[i % 4], world_.access.access_token(ann_.id, method::kSendDraft),
            [&](std::exception_ptr, Result<Secret> outcome) { served += outcome && *outcome != first_token ? 1 : 0; });
    std::vector<std::thread> threads;
    for (auto& loop : loops) threads.emplace_back([&loop] { loop->run(); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(served, 40);
    EXPECT_EQ(refreshes(), 2);
}

TEST_F(AccessOfAnn, AsksForANewTokenOnceWhenGoogleRefusesTheOldOne) {
    ASSERT_TRUE(profile());
    world_.google.expire_access_tokens();
    EXPECT_TRUE(profile());
    EXPECT_EQ(refreshes(), 2);
    EXPECT_EQ(world_.google.calls(Call::profile), 3);
}

TEST_F(AccessOfAnn, GivesUpWhenGoogleRefusesTheNewOneToo) {
    world_.google.fail_next(Call::profile, {.kind = ErrorKind::denied, .detail = "authError"}, 2);
    EXPECT_EQ(profile().error().detail, "authError");
    EXPECT_EQ(world_.google.calls(Call::profile), 2);
}

TEST_F(AccessOfAnn, RepeatsNothingForOtherErrors) {
    world_.google.fail_next(Call::profile, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_EQ(profile().error().kind, ErrorKind::unavailable);
    EXPECT_EQ(world_.google.calls(Call::profile), 1);
}

TEST_F(AccessOfAnn, StopsForGoodWhenTheGrantIsDead) {
    ASSERT_TRUE(token());
    world_.google.withdraw("1001");
    world_.clock.advance(1h);
    for (int i = 0; i < 10; ++i) {
        const auto refused = token();
        EXPECT_EQ(refused.error().kind, ErrorKind::denied);
        EXPECT_THAT(refused.error().detail, ::testing::StartsWith("invalid_grant"));
    }
    EXPECT_EQ(refreshes(), 2) << "one while it lived, one that found it dead";
    const auto stored = run(world_.accounts.get(ann_.id)).value();
    EXPECT_EQ(stored.state, Account::State::reconnect_needed);
    EXPECT_FALSE(stored.refresh_token);
}

TEST_F(AccessOfAnn, StopsForAllWhoWaitWhenTheGrantIsDead) {
    world_.google.withdraw("1001");
    boost::asio::io_context loop;
    int refused = 0;
    for (int i = 0; i < 20; ++i)
        boost::asio::co_spawn(loop, world_.access.access_token(ann_.id, method::kSendDraft),
                              [&](std::exception_ptr, Result<Secret> outcome) { refused += outcome ? 0 : 1; });
    loop.run();
    EXPECT_EQ(refused, 20);
    EXPECT_EQ(refreshes(), 1);
}

TEST_F(AccessOfAnn, KeepsTheGrantThroughAnOutage) {
    world_.google.fail_next(Call::refresh, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    EXPECT_EQ(token().error().kind, ErrorKind::unavailable);
    EXPECT_TRUE(token());
    EXPECT_EQ(run(world_.accounts.get(ann_.id))->state, Account::State::active);
}

TEST_F(AccessOfAnn, NamesTheScopeThatIsMissingWithoutAskingGoogle) {
    static constexpr GoogleMethod kFreeBusy{"calendar.freebusy.query", {scope::kCalendarFreeBusy}, 0};
    const auto refused = run(world_.access.access_token(ann_.id, kFreeBusy));
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("auth/calendar.freebusy"));
    EXPECT_EQ(refreshes(), 0);
}

TEST_F(AccessOfAnn, NoticesAScopeThatTheUserTookAwayAtGoogle) {
    auto account = ann_;
    account.refresh_token = world_.google.grant({}, {std::string(scope::kGmailMetadata)});
    ASSERT_TRUE(run(world_.accounts.update(account)));
    ASSERT_TRUE(run(world_.access.access_token(ann_.id, method::kGetMessage)));
    EXPECT_EQ(token().error().kind, ErrorKind::denied);
    EXPECT_EQ(refreshes(), 1);
}

TEST_F(AccessOfAnn, DoesNotUseAnAccessTokenFromBeforeAPermissionWasGiven) {
    AccountsWorld world;
    const auto ben = world.go(AccountsWorld::activation(), {}, {std::string(scope::kGmailMetadata)})->account;
    ASSERT_TRUE(run(world.access.access_token(ben.id, method::kSendDraft)));
    auto wider = ben;
    wider.scopes.insert(std::string(scope::kGmailMetadata));
    wider.refresh_token = world.google.grant({}, wider.scopes);
    ASSERT_TRUE(run(world.accounts.update(wider)));
    const auto token = run(world.access.access_token(ben.id, method::kGetMessage)).value();
    EXPECT_TRUE(run(world.google.history(token, 1, {})));
}

}  // namespace
}  // namespace inboxpro
