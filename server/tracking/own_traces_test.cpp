#include "tracking/own_traces.h"

#include <gtest/gtest.h>

#include "tracking/hindsight.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::TrackingWorld;

struct OwnTracesTest : ::testing::Test {
    OwnTracesTest() { EXPECT_TRUE(testing::run(world.ring.create(ben)).has_value()); }
    /// As a request of a session is noted.
    static void note(OwnTraces& where, AccountId account, std::string address) {
        const auto noted = [&]() -> Task<bool> {
            co_await where.note(account, std::move(address));
            co_return true;
        };
        testing::run(noted());
    }
    OwnTraces another() { return OwnTraces{world.documents, world.index, world.clock}; }
    std::size_t stored() {
        return testing::run(world.documents.find_unopened(kOwnTraces, {.index = "by_time", .equals = {}}))->size();
    }

    TrackingWorld world;
    OwnTraces traces{world.documents, world.index, world.clock};
    AccountId ann = world.account;
    AccountId ben = AccountId::make(world.clock.now(), world.random);
};

TEST_F(OwnTracesTest, KnowAnAddressOfTheirOwnAccountOnly) {
    note(traces, ann, "203.0.113.5");
    EXPECT_TRUE(traces.know(ann, "203.0.113.5"));
    EXPECT_FALSE(traces.know(ann, "203.0.113.6"));
    EXPECT_FALSE(traces.know(ann, ""));
    EXPECT_FALSE(traces.know(ben, "203.0.113.5"));
}

TEST_F(OwnTracesTest, AreForgottenADayAfterTheLastRequest) {
    note(traces, ann, "2001:db8::7");
    world.clock.advance(12h);
    note(traces, ann, "2001:db8::7");
    world.clock.advance(24h - 1s);
    EXPECT_TRUE(traces.know(ann, "2001:db8::7"));
    world.clock.advance(1s);
    EXPECT_FALSE(traces.know(ann, "2001:db8::7"));
}

TEST_F(OwnTracesTest, TakeNoAddressThatManyMayHave) {
    for (const auto* address : {"127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.0.5", "100.64.0.1",
                                "169.254.1.1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "nonsense", ""}) {
        note(traces, ann, address);
        EXPECT_FALSE(traces.know(ann, address)) << address;
    }
    EXPECT_EQ(stored(), 0U);
    note(traces, ann, "172.32.0.1");
    EXPECT_TRUE(traces.know(ann, "172.32.0.1"));
}

TEST_F(OwnTracesTest, OutliveARestartAndReachOtherProcesses) {
    auto other = another();
    ASSERT_TRUE(testing::run(other.keep_up()));
    note(traces, ann, "203.0.113.5");
    EXPECT_FALSE(other.know(ann, "203.0.113.5"));
    ASSERT_TRUE(testing::run(other.keep_up()));
    EXPECT_TRUE(other.know(ann, "203.0.113.5"));
    EXPECT_FALSE(other.know(ben, "203.0.113.5"));
    world.clock.advance(20h);
    note(other, ann, "203.0.113.5");
    EXPECT_EQ(stored(), 1U) << "the same trace, written again";
    world.clock.advance(20h);
    auto restarted = another();
    ASSERT_TRUE(testing::run(restarted.keep_up()));
    EXPECT_TRUE(restarted.know(ann, "203.0.113.5")) << "by its last request";
}

TEST_F(OwnTracesTest, AreForgottenInTheStoreAfterADayToo) {
    note(traces, ann, "203.0.113.5");
    world.clock.advance(1h);
    note(traces, ann, "203.0.113.6");
    world.clock.advance(23h + 1ms);
    ASSERT_TRUE(testing::run(traces.keep_up()));
    EXPECT_EQ(stored(), 1U);
    auto restarted = another();
    ASSERT_TRUE(testing::run(restarted.keep_up()));
    EXPECT_FALSE(restarted.know(ann, "203.0.113.5"));
    EXPECT_TRUE(restarted.know(ann, "203.0.113.6"));
}

TEST_F(OwnTracesTest, AreWrittenOnceInFiveMinutesAndShowNoAddress) {
    for (int i = 0; i < 5; ++i) {
        note(traces, ann, "203.0.113.5");
        world.clock.advance(59s);
    }
    const auto records = testing::run(world.store->find(kOwnTraces, {.index = "by_time", .equals = {}})).value();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].version, 1U);
    EXPECT_EQ(records[0].payload.find("203.0.113.5"), Bytes::npos);
    world.clock.advance(5s);
    note(traces, ann, "203.0.113.5");
    EXPECT_EQ(testing::run(world.store->get(kOwnTraces, records[0].id))->version, 2U);
}

TEST_F(OwnTracesTest, HoldWithoutAStoreToo) {
    world.faulty.set_plan([](int) { return testing::FaultyStore::Fault::refuse; });
    note(traces, ann, "203.0.113.5");
    EXPECT_TRUE(traces.know(ann, "203.0.113.5"));
    EXPECT_FALSE(testing::run(traces.keep_up()));
    EXPECT_TRUE(traces.know(ann, "203.0.113.5"));
}

TEST_F(OwnTracesTest, KnowForTwoMinutesWhoWasInGmail) {
    traces.note_in_gmail(ann);
    world.clock.advance(2min);
    EXPECT_TRUE(traces.was_in_gmail(ann));
    EXPECT_FALSE(traces.was_in_gmail(ben));
    world.clock.advance(1ms);
    EXPECT_FALSE(traces.was_in_gmail(ann));
}

TEST(OwnOpens, AreJudgedAsTheSendersAndStaySo) {
    TrackingWorld world;
    const auto message = world.send();
    const auto intake = world.open();
    auto seen = TrackingWorld::request();
    for (const bool own : {true, false}) {
        seen.from_sender_address = own;
        TrackingWorld::record_all(*intake, {world.pixel_of(message)}, seen);
        world.clock.advance(1min);
    }
    const auto expect_one_own = [&] {
        const auto events = world.events_of(message);
        ASSERT_EQ(events.size(), 2U);
        EXPECT_EQ(events[0].verdict.label, Label::self);
        EXPECT_EQ(events[0].verdict.rule, "sender-address");
        EXPECT_EQ(events[1].verdict.label, Label::human);
    };
    expect_one_own();
    intake->stop();
    // Judged again from what is stored.
    Hindsight hindsight(world.documents, world.clock);
    ASSERT_TRUE(testing::run(hindsight.judge_again(testing::run(world.messages.get(world.account, message)).value())));
    expect_one_own();
}

}  // namespace
}  // namespace inboxpro
