#include "tracking/own_traces.h"

#include <gtest/gtest.h>

#include "tracking/hindsight.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::TrackingWorld;

struct OwnTracesTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    OwnTraces traces{clock};
    AccountId ann = AccountId::make(clock.now(), random), ben = AccountId::make(clock.now(), random);
};

TEST_F(OwnTracesTest, KnowAnAddressOfTheirOwnAccountOnly) {
    traces.note(ann, "203.0.113.5");
    EXPECT_TRUE(traces.know(ann, "203.0.113.5"));
    EXPECT_FALSE(traces.know(ann, "203.0.113.6"));
    EXPECT_FALSE(traces.know(ann, ""));
    EXPECT_FALSE(traces.know(ben, "203.0.113.5"));
}

TEST_F(OwnTracesTest, AreForgottenADayAfterTheLastRequest) {
    traces.note(ann, "2001:db8::7");
    clock.advance(12h);
    traces.note(ann, "2001:db8::7");
    clock.advance(24h - 1s);
    EXPECT_TRUE(traces.know(ann, "2001:db8::7"));
    clock.advance(1s);
    EXPECT_FALSE(traces.know(ann, "2001:db8::7"));
}

TEST_F(OwnTracesTest, TakeNoAddressThatManyMayHave) {
    for (const auto* address : {"127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.0.5", "100.64.0.1",
                                "169.254.1.1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "nonsense", ""}) {
        traces.note(ann, address);
        EXPECT_FALSE(traces.know(ann, address)) << address;
    }
    traces.note(ann, "172.32.0.1");
    EXPECT_TRUE(traces.know(ann, "172.32.0.1"));
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
