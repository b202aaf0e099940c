#include "google/unit_budget.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include "testing/fake_sleeper.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::FakeSleeper;

constexpr Pace kPatient{.longest_wait = 24h};

struct Budget : ::testing::Test {
    /// Takes a turn and notes when.
    Task<void> call(AccountId account, const GoogleMethod& method, Pace pace = kPatient) {
        const auto turn = co_await budget_.take(account, method, pace);
        if (!turn) {
            refused_.push_back(turn.error());
            co_return;
        }
        went_.push_back({account, method.units, clock_.steady(), pace.urgency});
    }
    void spawn(Task<void> task) { boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached); }
    void run() { sleeper_.run(loop_); }
    std::chrono::milliseconds since_start(SteadyPoint time) const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(time - start_);
    }

    struct Went {
        AccountId account;
        int units;
        SteadyPoint at;
        Urgency urgency;
    };
    testing::FakeClock clock_;
    SteadyPoint start_ = clock_.steady();
    testing::SeededRandom random_;
    FakeSleeper sleeper_{clock_};
    UnitBudget budget_{{}, clock_, sleeper_};
    AccountId ann_ = AccountId::make(clock_.now(), random_);
    boost::asio::io_context loop_;
    std::vector<Went> went_;
    std::vector<Error> refused_;
};

/// The most units within any time of this length.
template <class Calls>
int most_within(const Calls& went, std::chrono::milliseconds window) {
    int most = 0;
    int units = 0;
    std::size_t first = 0;
    for (std::size_t last = 0; last < went.size(); ++last) {
        units += went[last].units;
        while (went[last].at - went[first].at >= window) units -= went[first++].units;
        most = std::max(most, units);
    }
    return most;
}

TEST_F(Budget, LetsAFewCallsGoAtOnceAndSpreadsTheRest) {
    for (int i = 0; i < 120; ++i) spawn(call(ann_, method::kSendDraft));
    run();
    ASSERT_EQ(went_.size(), 120U);
    EXPECT_EQ(went_[5].at, start_);
    for (std::size_t i = 6; i < went_.size(); ++i)
        EXPECT_NEAR(static_cast<double>((went_[i].at - went_[i - 1].at) / 1ms), 1'111, 10) << i;
    EXPECT_LE(most_within(went_, 60s), 6'000);
    EXPECT_LT(went_.back().at - start_, 130s) << "the budget is used, too";
}

TEST_F(Budget, LetsThemGoInOrderAndAPersonFirst) {
    for (int i = 0; i < 6; ++i) spawn(call(ann_, method::kSendDraft));
    for (int i = 0; i < 10; ++i)
        spawn(call(ann_, method::kListMessages, {.urgency = Urgency::background, .longest_wait = 1h}));
    spawn(call(ann_, method::kSendDraft));
    run();
    ASSERT_EQ(went_.size(), 17U);
    EXPECT_EQ(went_[6].urgency, Urgency::person);
    EXPECT_EQ(went_[7].urgency, Urgency::background);
}

TEST_F(Budget, PutsTheBackgroundOffForHalfAMinuteAtMost) {
    spawn(call(ann_, method::kListHistory, {.urgency = Urgency::background, .longest_wait = 1h}));
    std::optional<SteadyPoint> polled;
    spawn([](Budget& test) -> Task<void> {
        for (int i = 0; i < 6; ++i) co_await test.call(test.ann_, method::kSendDraft);
        for (int i = 0; i < 200; ++i) {
            test.spawn(test.call(test.ann_, method::kSendDraft));
            test.spawn(test.call(test.ann_, method::kSendDraft));
            if (i == 10)
                test.spawn(
                    test.call(test.ann_, method::kGetDraft, {.urgency = Urgency::background, .longest_wait = 1h}));
            co_await test.sleeper_.sleep(1s);
        }
    }(*this));
    run();
    for (const auto& went : went_)
        if (went.units == method::kGetDraft.units) polled = went.at;
    ASSERT_TRUE(polled);
    EXPECT_LT(*polled - start_, 100s) << "persons asked for twice the budget until second 200";
    EXPECT_EQ(went_.size(), 408U);
}

TEST_F(Budget, SaysWhenToComeBackInsteadOfALongWait) {
    for (int i = 0; i < 6; ++i) spawn(call(ann_, method::kSendDraft));
    for (int i = 0; i < 20; ++i) spawn(call(ann_, method::kSendDraft, {.longest_wait = 5s}));
    run();
    EXPECT_EQ(went_.size(), 10U);
    ASSERT_EQ(refused_.size(), 16U);
    EXPECT_EQ(refused_[0].kind, ErrorKind::rate_limited);
    EXPECT_EQ(refused_[0].retry_after, 6s);
}

TEST_F(Budget, PaysForLaterCallsAhead) {
    spawn(call(ann_, method::kGetProfile, {.longest_wait = 0s, .units_ahead = 599}));
    run();
    spawn(call(ann_, method::kSendDraft, {.longest_wait = 0s, .is_paid = true}));
    run();
    EXPECT_EQ(went_.size(), 2U);
    spawn(call(ann_, method::kGetProfile, {.longest_wait = 0s}));
    run();
    EXPECT_EQ(refused_.size(), 1U);
}

TEST_F(Budget, LeavesTheLineToTheOthersWhenAWaiterIsCancelled) {
    for (int i = 0; i < 6; ++i) spawn(call(ann_, method::kSendDraft));
    boost::asio::cancellation_signal give_up;
    boost::asio::co_spawn(loop_, call(ann_, method::kSendDraft),
                          boost::asio::bind_cancellation_slot(give_up.slot(), [](auto&&...) {}));
    loop_.poll();
    spawn(call(ann_, method::kListHistory));
    loop_.restart();
    loop_.poll();
    give_up.emit(boost::asio::cancellation_type::terminal);
    run();
    ASSERT_EQ(went_.size(), 7U);
    EXPECT_EQ(went_[6].units, method::kListHistory.units);
}

TEST_F(Budget, KeepsTheProjectsBudgetAcrossAccountsAndServesEachInOrder) {
    UnitBudget small({.units_per_minute = 6'000, .project_units_per_minute = 12'000}, clock_, sleeper_);
    std::vector<Went> went;
    for (int i = 0; i < 200; ++i)
        spawn([](Budget& test, UnitBudget& of, std::vector<Went>& into) -> Task<void> {
            const auto account = AccountId::make(test.clock_.now(), test.random_);
            const bool got = (co_await of.take(account, method::kSendDraft, kPatient)).has_value();
            if (got) into.push_back({account, 100, test.clock_.steady(), Urgency::person});
        }(*this, small, went));
    run();
    ASSERT_EQ(went.size(), 200U);
    EXPECT_LE(most_within(went, 60s), 12'000);
    EXPECT_LT(went.back().at - start_, 110s);
}

TEST_F(Budget, ForgetsAccountsThatAreFullAgain) {
    for (int i = 0; i < 1'000; ++i) spawn(call(AccountId::make(clock_.now(), random_), method::kSendDraft));
    run();
    EXPECT_EQ(budget_.remembered(), 1'000U);
    clock_.advance(2min);
    spawn(call(ann_, method::kSendDraft));
    run();
    EXPECT_EQ(budget_.remembered(), 1U);
}

TEST_F(Budget, WithoutALimitNothingWaits) {
    UnitBudget free({.units_per_minute = 0, .project_units_per_minute = 0}, clock_, sleeper_);
    for (int i = 0; i < 1'000; ++i)
        EXPECT_TRUE(sleeper_.run(free.take(ann_, method::kSendDraft, {.longest_wait = 0s})));
}

/// Whatever comes when: the budget holds in every minute, everybody gets a turn, and none waits longer than all that
/// was asked for takes.
TEST(UnitBudgetProperty, NeverGoesOverAndStarvesNobody) {
    EXPECT_TRUE(rc::check([] {
        struct Wish {
            int account;
            int delay;
            const GoogleMethod* method;
            Urgency urgency;
        };
        const auto wishes = *rc::gen::container<std::vector<Wish>>(
            rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(0, 120'000), rc::gen::inRange(0, 11),
                                        rc::gen::inRange(0, 2)),
                         [](const auto& from) {
                             return Wish{std::get<0>(from), std::get<1>(from), all_methods()[std::get<2>(from)],
                                         static_cast<Urgency>(std::get<3>(from))};
                         }));
        const int limit = *rc::gen::inRange(UnitBudget::kFewestUnits, 2'000);
        testing::FakeClock clock;
        testing::SeededRandom random;
        FakeSleeper sleeper(clock);
        UnitBudget budget({.units_per_minute = limit, .project_units_per_minute = 2 * limit}, clock, sleeper);
        std::vector<AccountId> accounts;
        for (int i = 0; i < 3; ++i) accounts.push_back(AccountId::make(clock.now(), random));
        struct Call {
            int units;
            SteadyPoint at;
        };
        std::map<int, std::vector<Call>> went;
        std::vector<Call> all;
        boost::asio::io_context loop;
        for (const auto& wish : wishes)
            boost::asio::co_spawn(
                loop,
                [](Wish of, UnitBudget& from, FakeSleeper& sleep, const Clock& time, AccountId account,
                   std::vector<Call>& own, std::vector<Call>& every) -> Task<void> {
                    co_await sleep.sleep(std::chrono::milliseconds{of.delay});
                    const bool got =
                        (co_await from.take(account, *of.method, {.urgency = of.urgency, .longest_wait = 24h}))
                            .has_value();
                    if (!got) co_return;
                    own.push_back({of.method->units, time.steady()});
                    every.push_back({of.method->units, time.steady()});
                }(wish, budget, sleeper, clock, accounts.at(static_cast<std::size_t>(wish.account)), went[wish.account],
                                                                     all),
                boost::asio::detached);
        sleeper.run(loop);
        RC_ASSERT(all.size() == wishes.size());
        RC_ASSERT(most_within(all, 60s) <= 2 * limit);
        for (const auto& [account, calls] : went) RC_ASSERT(most_within(calls, 60s) <= limit);
    }));
}

}  // namespace
}  // namespace inboxpro
