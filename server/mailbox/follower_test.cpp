#include "mailbox/follower.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "mailbox/follower_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::FollowerTest;
using testing::kAnn;
using testing::kBen;
using testing::NotingListener;
using testing::run;
using testing::StoreKind;
using Call = testing::ScriptedGoogle::Call;
using Kind = MailboxChange::Kind;
using Change = HistoryPage::Change;

INSTANTIATE_TEST_SUITE_P(OnEveryStore, FollowerTest, ::testing::Values(StoreKind::memory, StoreKind::sqlite),
                         [](const auto& info) { return testing::name_of(info); });

TEST_P(FollowerTest, BeginsWithTheMailboxAsItIsAndTellsWhatHappensFromThen) {
    auto& world = *world_;
    world.google.receive("1001");
    const auto account = world.followed();
    EXPECT_EQ(world.listener.times, 0);
    const auto id = world.google.receive("1001");
    world.wait_for_next(account);
    EXPECT_EQ(world.look_at_due(), 1U);
    ASSERT_EQ(world.listener.seen.size(), 1U);
    EXPECT_EQ(world.listener.seen[0].message_id, id);
    EXPECT_EQ(world.listener.seen[0].thread_id, id);
    EXPECT_EQ(world.listener.seen[0].labels, std::vector<std::string>{"INBOX"});
    world.wait_for_next(account);
    EXPECT_EQ(world.look_at_due(), 1U);
    EXPECT_EQ(world.listener.seen.size(), 1U);
}

TEST_P(FollowerTest, TellsEveryKindOfChangeInItsOrder) {
    auto& world = *world_;
    const auto account = world.followed();
    world.google.happen("1001", {.change = Change::added, .message_id = "a"});
    world.google.happen("1001", {.change = Change::label_added, .message_id = "b", .labels = {"STARRED"}});
    world.google.happen("1001", {.change = Change::label_removed, .message_id = "c"});
    world.google.happen("1001", {.change = Change::deleted, .message_id = "d"});
    world.wait_for_next(account);
    world.look_at_due();
    std::string seen;
    for (const auto& change : world.listener.seen) seen += change.message_id + std::to_string(int(change.kind)) + ' ';
    EXPECT_EQ(seen, "a0 b2 c3 d1 ");
}

TEST_P(FollowerTest, ReadsALongHistoryInBoundedTurnsWithoutWaitingBetweenThem) {
    auto& world = *world_;
    world.google.set_page_size(3);
    const auto account = world.followed();
    std::vector<std::string> expected;
    for (int i = 0; i < 30; ++i) expected.push_back(world.google.receive("1001"));
    world.wait_for_next(account);
    const auto before = world.google.calls(Call::history);
    ASSERT_TRUE(run(world.follower.look(account)));
    EXPECT_EQ(world.google.calls(Call::history) - before, kPagesPerTurn);
    EXPECT_EQ(world.listener.seen.size(), 3U * kPagesPerTurn);
    EXPECT_EQ(world.mailbox(account).due_at, world.clock.now());
    EXPECT_EQ(world.look_at_due(), 2U);
    EXPECT_EQ(world.listener.ids(), expected);
}

TEST_P(FollowerTest, RepeatsWhatAListenerDidNotTakeAndLosesNothing) {
    auto& world = *world_;
    NotingListener second;
    world.follower.tell(second);
    const auto account = world.followed();
    const auto id = world.google.receive("1001");
    world.wait_for_next(account);
    world.listener.fail_next = 1;
    world.look_at_due();
    EXPECT_EQ(second.ids(), std::vector{id});
    EXPECT_TRUE(world.listener.seen.empty());
    EXPECT_EQ(world.mailbox(account).due_at, world.clock.now() + 30s);
    EXPECT_EQ(world.mailbox(account).state, FollowedMailbox::State::following);

    world.wait_for_next(account);
    second.throw_next = 1;
    world.look_at_due();
    EXPECT_EQ(world.listener.ids(), std::vector{id});
    EXPECT_EQ(world.mailbox(account).due_at, world.clock.now() + 60s);
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(second.ids(), (std::vector{id, id}));
    EXPECT_EQ(world.mailbox(account).misses, 0);
}

TEST_P(FollowerTest, RepeatsAfterACrashBetweenTellingAndNotingThePlace) {
    auto& world = *world_;
    const auto account = world.followed();
    const auto id = world.google.receive("1001");
    world.wait_for_next(account);
    world.listener.pause = true;
    boost::asio::io_context never_runs_again;
    boost::asio::co_spawn(never_runs_again, world.follower.look(account), boost::asio::detached);
    while (world.listener.times == 0) never_runs_again.run_one();
    world.listener.pause = false;
    EXPECT_EQ(world.look_at_due(), 0U) << "the lease still holds";
    world.clock.advance(kMailboxLease);
    EXPECT_EQ(world.look_at_due(), 1U);
    EXPECT_EQ(world.listener.ids(), (std::vector{id, id}));
}

TEST_P(FollowerTest, RefusesTheLateWriteOfASlowNode) {
    auto& world = *world_;
    NotingListener fast;
    Follower other{{}, world.mailboxes, world.access, world.accounts, world.clock, world.random};
    other.tell(fast);
    const auto account = world.followed();
    world.google.receive("1001");
    world.wait_for_next(account);
    world.listener.on_change = [&](AccountId) {
        world.clock.advance(kMailboxLease);
        world.google.receive("1001");
        EXPECT_EQ(world.look_at_due(other), 1U);
    };
    EXPECT_EQ(run(world.follower.look(account)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(fast.seen.size(), 2U);
    EXPECT_EQ(world.mailbox(account).history_id, world.google.mailbox("1001").history_id);
}

TEST_P(FollowerTest, LooksOnceHoweverManyNodesTryAtOnce) {
    auto& world = *world_;
    std::deque<Follower> nodes;
    for (int i = 0; i < 5; ++i)
        nodes.emplace_back(Follower::Settings{}, world.mailboxes, world.access, world.accounts, world.clock,
                           world.random);
    const auto account = world.followed();
    for (int round = 0; round < 20; ++round) {
        world.wait_for_next(account);
        const auto before = world.google.calls(Call::history);
        boost::asio::io_context loop;
        int won = 0;
        int overtaken = 0;
        for (auto& node : nodes)
            boost::asio::co_spawn(loop, node.look(account), [&](std::exception_ptr, Result<void> outcome) {
                won += outcome.has_value();
                overtaken += !outcome && outcome.error().kind == ErrorKind::conflict;
            });
        loop.run();
        EXPECT_EQ(won, 1);
        EXPECT_EQ(overtaken, 4);
        EXPECT_EQ(world.google.calls(Call::history) - before, 1);
    }
}

TEST_P(FollowerTest, ReadsTheRecentMessagesAnewWhenGmailForgotTheHistory) {
    auto& world = *world_;
    world.google.set_page_size(3);
    const auto account = world.link();
    for (int i = 0; i < 20; ++i) world.google.receive("1001");
    world.clock.advance(24h);
    ASSERT_TRUE(run(world.follower.follow(account)));
    world.look_at_due();
    world.clock.advance(1h);
    std::vector<std::string> missed;
    for (int i = 0; i < 7; ++i) missed.push_back(world.google.receive("1001"));
    world.google.forget_history("1001");
    const auto after = world.google.receive("1001");
    world.listener.on_change = [&, once = false](AccountId) mutable {  // And one more while it is read.
        if (!std::exchange(once, true)) missed.push_back(world.google.receive("1001"));
    };
    world.look_at_due();

    ASSERT_FALSE(world.listener.seen.empty());
    EXPECT_EQ(world.listener.seen.front().kind, Kind::gap);
    const auto told = world.listener.ids();
    const std::set<std::string> all(told.begin(), told.end());
    for (const auto& id : missed) EXPECT_TRUE(all.contains(id)) << id;
    EXPECT_TRUE(all.contains(after));
    EXPECT_LE(all.size(), 12U) << "it stops at what is older than the last look";
    EXPECT_EQ(world.mailbox(account).history_id, world.google.mailbox("1001").history_id);
    EXPECT_FALSE(world.mailbox(account).resync);
    EXPECT_EQ(world.follower.figures().resyncs, 1U);
    const auto calls = world.google.calls(Call::messages);
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(world.google.calls(Call::messages), calls);
}

TEST_P(FollowerTest, GoesOnWithAFullReadWhereAFailureEndedIt) {
    auto& world = *world_;
    world.google.set_page_size(2);
    const auto account = world.followed();
    for (int i = 0; i < 30; ++i) world.google.receive("1001");
    world.google.forget_history("1001");
    world.wait_for_next(account);
    ASSERT_TRUE(run(world.follower.look(account)));
    EXPECT_EQ(world.listener.ids().size(), 2U * kPagesPerTurn);
    world.google.fail_next(Call::messages, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    ASSERT_TRUE(run(world.follower.look(account)));
    EXPECT_EQ(world.mailbox(account).due_at, world.clock.now() + 30s);
    world.wait_for_next(account);
    world.look_at_due();
    const auto told = world.listener.ids();
    EXPECT_EQ(std::set(told.begin(), told.end()).size(), 30U);
    EXPECT_EQ(told.size(), 30U);
    EXPECT_EQ(world.follower.figures().resyncs, 1U);
}

TEST_P(FollowerTest, DoesNotReadAnewOverAndOverWhateverGmailSays) {
    auto& world = *world_;
    world.followed();
    world.google.fail_next(Call::history, {.kind = ErrorKind::not_found, .detail = "notFound"}, 1'000);
    const auto calls = world.google.calls(Call::messages);
    for (int second = 0; second < 3'600; second += 10) {
        world.clock.advance(10s);
        world.look_at_due();
    }
    EXPECT_GE(world.google.calls(Call::messages) - calls, 2);
    EXPECT_LE(world.google.calls(Call::messages) - calls, 2 * 7);
}

TEST_P(FollowerTest, LeavesOneAccountAloneAsLongAsGoogleAsks) {
    auto& world = *world_;
    const auto ann = world.followed(kAnn);
    const auto ben = world.followed(kBen);
    world.google.receive("1001");
    world.wait_for_next(ann);
    world.google.fail_next(Call::history, {.kind = ErrorKind::rate_limited, .detail = "limited", .retry_after = 20min});
    ASSERT_TRUE(run(world.follower.look(ann)));
    EXPECT_EQ(world.mailbox(ann).due_at, world.clock.now() + 20min);
    ASSERT_TRUE(run(world.follower.hint(ann, 999)));
    ASSERT_TRUE(run(world.follower.hint(ann)));
    EXPECT_EQ(world.mailbox(ann).due_at, world.clock.now() + 20min);
    world.wait_for_next(ben);
    EXPECT_EQ(world.look_at_due(), 1U);
    EXPECT_TRUE(world.listener.seen.empty());
    world.wait_for_next(ann);
    world.look_at_due();
    EXPECT_EQ(world.listener.seen.size(), 1U);
}

TEST_P(FollowerTest, AsksNothingMoreAfterADeadGrantAndMissesNothingAfterReconnecting) {
    auto& world = *world_;
    const auto account = world.followed();
    world.google.withdraw("1001");
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(world.mailbox(account).state, FollowedMailbox::State::parked);
    EXPECT_EQ(world.follower.figures().parked, 1);
    const auto calls = world.google.calls();
    const auto id = world.google.receive("1001");
    for (int minute = 0; minute < 24 * 60; ++minute) {
        world.clock.advance(1min);
        EXPECT_TRUE(run(world.follower.hint(account, 5)));
        world.look_at_due();
    }
    EXPECT_EQ(world.google.calls(), calls);

    auto stored = run(world.accounts.get(account)).value();
    stored.state = Account::State::active;
    stored.refresh_token = world.google.grant(kAnn, stored.scopes);
    ASSERT_TRUE(run(world.accounts.update(stored)));
    ASSERT_TRUE(run(world.follower.follow(account)));
    EXPECT_EQ(world.look_at_due(), 1U);
    EXPECT_EQ(world.listener.ids(), std::vector{id});
    EXPECT_EQ(world.follower.figures().parked, 0);
    EXPECT_EQ(world.follower.figures().followed, 1);
}

TEST_P(FollowerTest, AsksOnceAnHourWhileGoogleRefusesALiveGrant) {
    auto& world = *world_;
    world.followed();
    world.google.fail_next(Call::history, {.kind = ErrorKind::denied, .detail = "domainPolicy"}, 1'000);
    world.clock.advance(10min);
    world.look_at_due();
    const auto calls = world.google.calls(Call::history);
    for (int minute = 0; minute < 10 * 60; ++minute) {
        world.clock.advance(1min);
        world.look_at_due();
    }
    EXPECT_EQ(world.google.calls(Call::history) - calls, 10);
}

TEST_P(FollowerTest, BeginsToFollowAccountsThatWereLinkedBefore) {
    auto& world = *world_;
    std::vector<AccountId> linked;
    for (int i = 0; i < 450; ++i)
        linked.push_back(world.link({.subject = std::to_string(i), .email = fmt::format("u{}@example.com", i)}));
    auto gone = run(world.accounts.get(linked.back())).value();
    gone.state = Account::State::disconnected;
    ASSERT_TRUE(run(world.accounts.update(gone)));
    ASSERT_TRUE(run(world.follower.adopt()));
    EXPECT_EQ(world.follower.figures().followed, 449);
    ASSERT_TRUE(run(world.follower.adopt()));
    EXPECT_EQ(world.follower.figures().followed, 449);
    const auto due_now = run(world.follower.due(1'000)).value().size();
    EXPECT_LT(due_now, 20U) << "they do not all begin at once";
    world.clock.advance(60s);
    EXPECT_EQ(run(world.follower.due(1'000)).value().size(), 449U);
}

TEST_P(FollowerTest, DoesNotStandStillAtAMailboxThatCannotBeRead) {
    auto& world = *world_;
    const auto ann = world.followed(kAnn);
    const auto ben = world.followed(kBen);
    ASSERT_TRUE(run(world.ring.destroy(ann)));
    world.clock.advance(10min);
    EXPECT_EQ(world.look_at_due(), 2U);
    EXPECT_EQ(run(world.follower.due(10)).value().size(), 0U);
    EXPECT_GT(world.mailbox(ben).due_at, world.clock.now());
}

TEST_P(FollowerTest, LetsNobodyWaitForAnAccountWithAHundredThousandChanges) {
    auto& world = *world_;
    const auto busy = world.followed(kAnn);
    std::vector<AccountId> others;
    for (int i = 0; i < 20; ++i)
        others.push_back(world.followed({.subject = std::to_string(i), .email = fmt::format("u{}@example.com", i)}));
    for (int i = 0; i < 100'000; ++i) world.google.happen("1001", {.message_id = std::to_string(i)});
    world.clock.advance(70s);
    for (int i = 0; i < 20; ++i) world.google.receive(std::to_string(i));
    int turns = 0;
    int turns_before_the_others = 0;
    std::size_t others_told = 0;
    world.listener.keep = false;
    world.listener.on_change = [&](AccountId account) {
        if (account != busy && ++others_told == 20) turns_before_the_others = turns;
    };
    for (;;) {
        const auto due = run(world.follower.due(1)).value();
        if (due.empty()) break;
        turns += due.front() == busy;
        ASSERT_TRUE(run(world.follower.look(due.front())));
        world.clock.advance(10ms);
    }
    EXPECT_EQ(others_told, 20U);
    EXPECT_LE(turns_before_the_others, 1);
    EXPECT_EQ(turns, 100'000 / (500 * kPagesPerTurn));
    EXPECT_EQ(world.listener.told, 100'020U);
}

}  // namespace
}  // namespace inboxpro
