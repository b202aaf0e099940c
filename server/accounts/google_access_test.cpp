#include "accounts/google_access.h"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "accounts/accounts_world.h"
#include "testing/fake_sleeper.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::AccountsWorld;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

/// A store that reads but does not take changes.
class DeafStore final : public Store {
  public:
    explicit DeafStore(Store& store) : store_(store) {}
    Task<Result<void>> insert(const Collection&, Record) override { co_return deaf(); }
    Task<Result<std::vector<bool>>> insert_many(const Collection&, std::vector<Record>) override { co_return deaf(); }
    Task<Result<Record>> get(const Collection& collection, RawId id) override { return store_.get(collection, id); }
    Task<Result<std::vector<Record>>> find(const Collection& collection, Query query) override {
        return store_.find(collection, std::move(query));
    }
    Task<Result<std::uint64_t>> replace(const Collection&, Record) override { co_return deaf(); }
    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection&, std::vector<Record>) override {
        co_return deaf();
    }
    Task<Result<Counters>> add(const Collection&, RawId, AccountId, Counters) override { co_return deaf(); }
    Task<Result<std::size_t>> erase(const Collection&, Query) override { co_return deaf(); }
    Task<Result<bool>> erase(const Collection&, RawId) override { co_return deaf(); }
    Task<Result<void>> check() override { co_return deaf(); }

  private:
    static std::unexpected<Error> deaf() { return fail(ErrorKind::unavailable, "the store takes no changes"); }
    Store& store_;
};

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

TEST_F(AccessOfAnn, RefreshesOnceForAThousandWaiters) {
    boost::asio::io_context loop;
    int served = 0;
    for (int i = 0; i < 1'000; ++i)
        boost::asio::co_spawn(loop, world_.access.access_token(ann_.id, method::kSendDraft),
                              [&](std::exception_ptr, Result<Secret> outcome) { served += outcome ? 1 : 0; });
    loop.run();
    EXPECT_EQ(served, 1'000);
    EXPECT_EQ(refreshes(), 1);
}

/// Three waiters, the first of whom asked for the refresh, give up after so many steps of the loop; ten others stay.
/// Returns how many of the three went empty-handed.
int give_up_after(int steps) {
    AccountsWorld world;
    const auto ann = world.activated();
    boost::asio::io_context loop;
    std::array<boost::asio::cancellation_signal, 3> give_up;
    int gave_up = 0;
    int served = 0;
    for (auto& signal : give_up)
        boost::asio::co_spawn(loop, world.access.access_token(ann.id, method::kSendDraft),
                              boost::asio::bind_cancellation_slot(
                                  signal.slot(), [&](std::exception_ptr failure, const Result<Secret>& outcome) {
                                      gave_up += failure || !outcome ? 1 : 0;
                                  }));
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(loop, world.access.access_token(ann.id, method::kSendDraft),
                              [&](std::exception_ptr, Result<Secret> outcome) { served += outcome ? 1 : 0; });
    for (int i = 0; i < steps; ++i) loop.run_one();
    for (auto& signal : give_up) signal.emit(boost::asio::cancellation_type::terminal);
    loop.run();
    EXPECT_EQ(served, 10) << steps;
    EXPECT_EQ(world.google.calls(Call::refresh), 1) << steps;
    EXPECT_TRUE(run(world.access.access_token(ann.id, method::kSendDraft)));
    EXPECT_EQ(world.google.calls(Call::refresh), 1) << steps;
    return gave_up;
}

TEST(Access, ServesTheOthersWheneverWaitersGiveUp) {
    int while_google_was_asked = 0;
    for (int steps = 0; steps < 30; ++steps) while_google_was_asked += give_up_after(steps);
    EXPECT_GE(while_google_was_asked, 3);
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

TEST_F(AccessOfAnn, LearnsFromTheRecordThatAnotherProcessFoundTheGrantDead) {
    GoogleAccess elsewhere(world_.google, world_.accounts, world_.clock);
    world_.google.withdraw("1001");
    EXPECT_FALSE(run(elsewhere.access_token(ann_.id, method::kSendDraft)));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(token().error().kind, ErrorKind::denied);
    EXPECT_EQ(refreshes(), 1);
}

TEST_F(AccessOfAnn, AsksOnceAnHourWhenTheStoreCannotNoteThatTheGrantIsDead) {
    DeafStore store(*world_.store);
    Documents documents(store, world_.keys, world_.random);
    Accounts accounts(documents, world_.keys, world_.index, world_.clock, world_.random);
    GoogleAccess access(world_.google, accounts, world_.clock);
    world_.google.withdraw("1001");
    for (int minute = 0; minute < 180; ++minute) {
        EXPECT_FALSE(run(access.access_token(ann_.id, method::kSendDraft)));
        world_.clock.advance(1min);
    }
    EXPECT_EQ(refreshes(), 3);
    auto again = run(world_.accounts.get(ann_.id)).value();
    again.refresh_token = world_.google.grant({}, again.scopes);
    ASSERT_TRUE(run(world_.accounts.update(again)));
    EXPECT_TRUE(run(access.access_token(ann_.id, method::kSendDraft))) << "another grant is another matter";
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

/// With turns to wait for, and time that passes only while everybody waits.
class PacedAccess : public AccessOfAnn {
  protected:
    Task<Result<GmailProfile>> ask(bool repeatable) {
        std::function<Task<Result<GmailProfile>>(Secret)> call = [this](Secret token) {
            return world_.google.profile(std::move(token));
        };
        return repeatable ? paced_.repeatable_as<GmailProfile>(ann_.id, method::kGetProfile, call)
                          : paced_.as<GmailProfile>(ann_.id, method::kGetProfile, call);
    }
    std::chrono::milliseconds passed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(world_.clock.steady() - start_);
    }
    int profiles() const { return world_.google.calls(Call::profile); }

    testing::FakeSleeper sleeper_{world_.clock};
    UnitBudget budget_{{.units_per_minute = 300}, world_.clock, sleeper_};
    GoogleAccess paced_{world_.google, world_.accounts, world_.clock, Pacing{budget_, sleeper_, world_.random}};
    SteadyPoint start_ = world_.clock.steady();
};

const Error kNoAnswer{.kind = ErrorKind::unavailable, .detail = "no answer"};

TEST_F(PacedAccess, TakesUnitsBeforeItCalls) {
    boost::asio::io_context loop;
    int served = 0;
    for (int i = 0; i < 155; ++i)
        boost::asio::co_spawn(loop, ask(false),
                              [&](std::exception_ptr, const Result<GmailProfile>& got) { served += got ? 1 : 0; });
    sleeper_.run(loop);
    EXPECT_EQ(served, 155);
    EXPECT_GE(passed(), 1'900ms) << "150 at once, then two and a half a second";
    EXPECT_LE(passed(), 2'100ms);
}

TEST_F(PacedAccess, RepeatsWhatMayBeRepeatedAFewTimesAfterGrowingWaits) {
    world_.google.fail_next(Call::profile, kNoAnswer, 3);
    EXPECT_TRUE(sleeper_.run(ask(true)));
    EXPECT_EQ(profiles(), 4);
    EXPECT_GE(passed(), 7s);
    world_.google.fail_next(Call::profile, kNoAnswer, 10);
    EXPECT_FALSE(sleeper_.run(ask(true)));
    EXPECT_EQ(profiles(), 8);
}

TEST_F(PacedAccess, RepeatsNothingElse) {
    world_.google.fail_next(Call::profile, kNoAnswer);
    EXPECT_FALSE(sleeper_.run(ask(false)));
    EXPECT_EQ(profiles(), 1);
    for (const auto kind : {ErrorKind::invalid, ErrorKind::not_found, ErrorKind::conflict, ErrorKind::denied}) {
        world_.google.fail_next(Call::profile, {.kind = kind, .detail = "x"});
        EXPECT_EQ(sleeper_.run(ask(true)).error().kind, kind);
    }
    EXPECT_EQ(profiles(), 5);
}

TEST_F(PacedAccess, DoesNotRepeatBeyondTheCallersDeadline) {
    world_.google.fail_next(Call::profile,
                            {.kind = ErrorKind::rate_limited, .detail = "rateLimitExceeded", .retry_after = 600s});
    const auto refused = sleeper_.run(ask(true));
    EXPECT_EQ(refused.error().retry_after, 600s);
    EXPECT_EQ(profiles(), 1);
    EXPECT_EQ(passed(), 0ms);
}

TEST_F(PacedAccess, EndsAPauseWithAnyAnswerThatIsNoRefusalForNow) {
    for (const auto kind : {ErrorKind::not_found, ErrorKind::invalid, ErrorKind::conflict}) {
        world_.google.fail_next(Call::profile,
                                {.kind = ErrorKind::rate_limited, .detail = "rateLimitExceeded", .retry_after = 60s});
        ASSERT_FALSE(sleeper_.run(ask(false)));
        world_.clock.advance(2min);
        world_.google.fail_next(Call::profile, {.kind = kind, .detail = "an answer"});
        ASSERT_EQ(sleeper_.run(ask(false)).error().kind, kind);
        EXPECT_TRUE(sleeper_.run(ask(false))) << "Google answers again";
    }
}

TEST_F(PacedAccess, CallsGoogleOnceInABackOffSlot) {
    world_.google.fail_next(Call::profile,
                            {.kind = ErrorKind::rate_limited, .detail = "rateLimitExceeded", .retry_after = 60s}, 3);
    int served = 0;
    while (passed() < 170s) {
        served += sleeper_.run(ask(false)) ? 1 : 0;
        world_.clock.advance(1s);
    }
    EXPECT_EQ(served, 0);
    EXPECT_EQ(profiles(), 3) << "in three minutes of a call a second";
}

}  // namespace
}  // namespace inboxpro
