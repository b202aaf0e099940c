#include "mailbox/follower_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::FollowerTest;
using testing::kAnn;
using testing::kBen;
using testing::run;
using testing::StoreKind;
using Call = testing::ScriptedGoogle::Call;
using Kind = MailboxChange::Kind;

/// What Google tells by itself: hints, and the watches that bring them.
class FollowerHints : public FollowerTest {};

INSTANTIATE_TEST_SUITE_P(OnEveryStore, FollowerHints, ::testing::Values(StoreKind::memory, StoreKind::sqlite),
                         [](const auto& info) { return testing::name_of(info); });

TEST_P(FollowerHints, LooksAtOnceAfterAHintAndAtMostEachFiveSeconds) {
    auto& world = *world_;
    const auto account = world.followed();
    world.clock.advance(20s);
    const auto calls = world.google.calls(Call::history);
    const auto id = world.google.receive("1001");
    ASSERT_TRUE(run(world.follower.hint(account, world.google.mailbox("1001").history_id)));
    EXPECT_EQ(world.look_at_due(), 1U);
    EXPECT_EQ(world.listener.ids(), std::vector{id});
    EXPECT_EQ(world.google.calls(Call::history) - calls, 1);

    for (int tenth = 0; tenth < 600; ++tenth) {
        world.google.receive("1001");
        ASSERT_TRUE(run(world.follower.hint(account, world.google.mailbox("1001").history_id)));
        world.look_at_due();
        world.clock.advance(100ms);
    }
    EXPECT_LE(world.google.calls(Call::history) - calls, 1 + 60 / 5);
    EXPECT_GE(world.google.calls(Call::history) - calls, 60 / 5 - 1);
}

TEST_P(FollowerHints, CostsNothingWhenTheHintIsKnown) {
    auto& world = *world_;
    const auto account = world.followed();
    const auto before = world.mailbox(account).version;
    ASSERT_TRUE(run(world.follower.hint(account, world.google.mailbox("1001").history_id)));
    EXPECT_EQ(world.mailbox(account).version, before);
    ASSERT_TRUE(run(world.follower.hint(account, 100)));
    EXPECT_EQ(world.mailbox(account).version, before + 1);
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(run(world.follower.hint(account, 100 - i)));
    EXPECT_EQ(world.mailbox(account).version, before + 1);
    EXPECT_TRUE(run(world.follower.hint(AccountId{})));
}

TEST_P(FollowerHints, DoesNotLoseAHintThatComesWhileItLooks) {
    auto& world = *world_;
    const auto account = world.followed();
    world.google.receive("1001");
    world.wait_for_next(account);
    std::string second;
    world.listener.on_change = [&](AccountId) {
        if (!second.empty()) return;
        second = world.google.receive("1001");
        EXPECT_TRUE(run(world.follower.hint(account, world.google.mailbox("1001").history_id)));
        EXPECT_TRUE(run(world.follower.due(10)).value().empty()) << "nobody else may look meanwhile";
    };
    world.look_at_due();
    EXPECT_EQ(world.mailbox(account).due_at, world.clock.now() + kLeastBetweenLooks);
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(world.listener.ids().back(), second);
    EXPECT_FALSE(world.mailbox(account).hint);
}

TEST_P(FollowerHints, LooksAgainSoonWhileGmailsHistoryLagsBehindAHint) {
    auto& world = *world_;
    const auto account = world.followed();
    world.clock.advance(20s);
    world.google.mailbox("1001").shown_until = world.google.mailbox("1001").history_id;
    const auto id = world.google.receive("1001");
    ASSERT_TRUE(run(world.follower.hint(account, world.google.mailbox("1001").history_id)));
    for (int second = 0; second < 20; ++second) {
        if (second == 12) world.google.mailbox("1001").shown_until.reset();
        world.look_at_due();
        world.clock.advance(1s);
    }
    EXPECT_EQ(world.listener.ids(), std::vector{id});
}

TEST_P(FollowerHints, StopsBelievingAHintThatNothingConfirms) {
    auto& world = *world_;
    const auto account = world.followed();
    ASSERT_TRUE(run(world.follower.hint(account, 1'000'000)));
    const auto calls = world.google.calls(Call::history);
    for (int second = 0; second < 600; ++second) {
        world.clock.advance(1s);
        world.look_at_due();
    }
    EXPECT_LE(world.google.calls(Call::history) - calls, 120 / 5 + 10);
    EXPECT_FALSE(world.mailbox(account).hint);
}

TEST_P(FollowerHints, WatchesAndRenewsEachDayAndPollsWhateverBecomesOfIt) {
    auto& world = *world_;
    const auto account = world.followed();
    EXPECT_EQ(world.google.mailbox("1001").watched_by, "projects/p/topics/t");
    EXPECT_EQ(world.google.calls(Call::watch), 1);
    for (int minute = 0; minute < 3 * 24 * 60; minute += 10) {
        world.clock.advance(10min);
        world.look_at_due();
    }
    EXPECT_GE(world.google.calls(Call::watch), 4);
    EXPECT_LE(world.google.calls(Call::watch), 5);

    world.google.fail_next(Call::watch, {.kind = ErrorKind::denied, .detail = "forbidden"}, 1'000);
    for (int minute = 0; minute < 8 * 24 * 60; minute += 10) {
        world.clock.advance(10min);
        world.look_at_due();
    }
    EXPECT_FALSE(world.mailbox(account).watch);
    const auto id = world.google.receive("1001");
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(world.listener.ids(), std::vector{id});
    EXPECT_EQ(world.mailbox(account).state, FollowedMailbox::State::following);
}

TEST_P(FollowerHints, StopsTheWatchToAnotherTopic) {
    auto& world = *world_;
    const auto account = world.followed();
    Follower other{
        {.topic = "projects/p/topics/new"}, world.mailboxes, world.access, world.accounts, world.clock, world.random};
    world.wait_for_next(account);
    world.look_at_due(other);
    EXPECT_EQ(world.google.calls(Call::stop_watch), 1);
    EXPECT_EQ(world.google.mailbox("1001").watched_by, "projects/p/topics/new");
    Follower without{{}, world.mailboxes, world.access, world.accounts, world.clock, world.random};
    world.wait_for_next(account);
    world.look_at_due(without);
    EXPECT_EQ(world.google.mailbox("1001").watched_by, "");
    EXPECT_FALSE(world.mailbox(account).watch);

    world.google.fail_next(Call::watch, {.kind = ErrorKind::invalid, .detail = "Only one user push client allowed"});
    world.wait_for_next(account);
    world.look_at_due();
    EXPECT_EQ(world.google.calls(Call::stop_watch), 3);
    EXPECT_EQ(world.google.mailbox("1001").watched_by, "projects/p/topics/t");
}

TEST_P(FollowerHints, StopsTheWatchAndForgetsWhoLeaves) {
    auto& world = *world_;
    const auto ann = world.followed(kAnn);
    const auto ben = world.followed(kBen);
    ASSERT_TRUE(run(world.follower.leave(ann)));
    EXPECT_EQ(world.google.mailbox("1001").watched_by, "");
    EXPECT_EQ(run(world.mailboxes.get(ann)).error().kind, ErrorKind::not_found);

    auto stored = run(world.accounts.get(ben)).value();
    stored.state = Account::State::disconnected;
    ASSERT_TRUE(run(world.accounts.update(stored)));
    const auto calls = world.google.calls();
    world.wait_for_next(ben);
    world.look_at_due();
    EXPECT_EQ(run(world.mailboxes.get(ben)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(world.google.calls(), calls);
}

TEST_P(FollowerHints, DoesNotBringBackWhoLeftDuringALook) {
    auto& world = *world_;
    const auto account = world.followed();
    world.google.receive("1001");
    world.wait_for_next(account);
    world.listener.on_change = [&](AccountId) { EXPECT_TRUE(run(world.follower.leave(account))); };
    EXPECT_TRUE(run(world.follower.look(account)));
    EXPECT_EQ(run(world.mailboxes.get(account)).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace inboxpro
