#include "accounts/sessions.h"

#include <gtest/gtest.h>

#include "accounts/accounts_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::AccountsWorld;
using testing::run;

class SessionsOfAnn : public ::testing::Test {
  protected:
    Secret open() { return run(world_.sessions.open(ann_.id))->value; }
    bool is_good(const Secret& value) { return run(world_.sessions.find(value)).has_value(); }

    AccountsWorld world_;
    Account ann_ = world_.activated();
};

TEST_F(SessionsOfAnn, BelongToTheirAccount) {
    const auto value = open();
    EXPECT_EQ(run(world_.sessions.find(value))->account, ann_.id);
}

TEST_F(SessionsOfAnn, HaveANewValueOf256BitsEveryTime) {
    std::set<Bytes> seen;
    for (int i = 0; i < 20; ++i) {
        const auto value = open();
        EXPECT_EQ(from_base64url(value.reveal())->size(), 32U);
        EXPECT_TRUE(seen.emplace(value.reveal()).second);
    }
}

TEST_F(SessionsOfAnn, CannotBeUsedByTheirIdOrByAnythingStored) {
    const auto value = open();
    const auto stored = run(world_.store->find(kSessions, {.index = "by_account", .equals = {Bytes(ann_.id.view())}}));
    ASSERT_EQ(stored->size(), 1U);
    const auto& record = stored->front();
    EXPECT_EQ(record.payload.find(value.reveal()), Bytes::npos);
    for (const auto& replayed :
         {Bytes(record.id.view()), record.id.text(), base64url(record.id.view()), record.payload})
        EXPECT_FALSE(is_good(Secret{replayed}));
}

TEST_F(SessionsOfAnn, RefuseAnUnknownValue) {
    EXPECT_EQ(run(world_.sessions.find(Secret{"made up"})).error().kind, ErrorKind::denied);
    EXPECT_EQ(run(world_.sessions.find(Secret{})).error().kind, ErrorKind::denied);
}

TEST_F(SessionsOfAnn, EndAfterFifteenIdleMinutes) {
    const auto value = open();
    world_.clock.advance(15min - 1ms);
    EXPECT_TRUE(is_good(value));
    world_.clock.advance(15min);
    EXPECT_FALSE(is_good(value));
    EXPECT_TRUE(run(world_.sessions.list(ann_.id))->empty());
}

TEST_F(SessionsOfAnn, LastAsLongAsTheyAreUsedButAtMostTwelveHours) {
    const auto value = open();
    const auto end = world_.clock.now() + 12h;
    while (world_.clock.now() + 10min < end) {
        world_.clock.advance(10min);
        ASSERT_TRUE(is_good(value)) << to_rfc3339(world_.clock.now());
    }
    world_.clock.advance(end - world_.clock.now());
    EXPECT_FALSE(is_good(value));
}

TEST_F(SessionsOfAnn, TakeTheirLimitsFromTheOperator) {
    Sessions strict(world_.documents, world_.index, world_.clock, world_.random, {.idle = 2min, .absolute = 3min});
    const auto value = run(strict.open(ann_.id))->value;
    world_.clock.advance(119s);
    EXPECT_TRUE(run(strict.find(value)));
    world_.clock.advance(61s);
    EXPECT_FALSE(run(strict.find(value)));
}

TEST_F(SessionsOfAnn, WriteActivityDownAtMostOnceAMinute) {
    const auto value = open();
    const auto version = [&] {
        return run(world_.store->find(kSessions, {.index = "by_account", .equals = {Bytes(ann_.id.view())}}))
            ->front()
            .version;
    };
    for (int i = 0; i < 59; ++i) {
        world_.clock.advance(1s);
        ASSERT_TRUE(is_good(value));
    }
    EXPECT_EQ(version(), 1U);
    world_.clock.advance(1s);
    ASSERT_TRUE(is_good(value));
    EXPECT_EQ(version(), 2U);
    EXPECT_EQ(run(world_.sessions.list(ann_.id))->front().last_seen_at, world_.clock.now());
}

TEST_F(SessionsOfAnn, AreListedNewestFirstAndEndedOneByOne) {
    const auto first = open();
    world_.clock.advance(1s);
    const auto second = open();
    const auto listed = run(world_.sessions.list(ann_.id)).value();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_GT(listed[0].created_at, listed[1].created_at);
    ASSERT_TRUE(run(world_.sessions.end(ann_.id, listed[0].id)));
    EXPECT_TRUE(is_good(first));
    EXPECT_FALSE(is_good(second));
    EXPECT_EQ(run(world_.sessions.end(ann_.id, listed[0].id)).error().kind, ErrorKind::not_found);
}

TEST_F(SessionsOfAnn, CannotBeEndedByAnotherAccount) {
    const auto value = open();
    const auto ben = world_.activated({.subject = "2002", .email = "ben@example.com", .name = "Ben"});
    const auto id = run(world_.sessions.list(ann_.id))->front().id;
    EXPECT_EQ(run(world_.sessions.end(ben.id, id)).error().kind, ErrorKind::not_found);
    ASSERT_TRUE(run(world_.sessions.end_all(ben.id)));
    EXPECT_TRUE(is_good(value));
    EXPECT_TRUE(run(world_.sessions.list(ben.id))->empty());
}

TEST_F(SessionsOfAnn, EndAllAtOnce) {
    const std::vector<Secret> values{open(), open(), open()};
    ASSERT_TRUE(run(world_.sessions.end_all(ann_.id)));
    for (const auto& value : values) EXPECT_FALSE(is_good(value));
}

TEST_F(SessionsOfAnn, LeaveNothingBehindWhenTheirTimeIsOver) {
    open();
    open();
    world_.clock.advance(16min);
    open();
    const auto stored = run(world_.store->find(kSessions, {.index = "by_account", .equals = {Bytes(ann_.id.view())}}));
    EXPECT_EQ(stored->size(), 1U);
}

}  // namespace
}  // namespace inboxpro
