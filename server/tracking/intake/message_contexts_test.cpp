#include "tracking/intake/message_contexts.h"

#include <gtest/gtest.h>

#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::TrackingWorld;

Event event_of(const TrackingWorld& world, MessageId message) {
    Event event;
    event.account = world.account;
    event.message = message;
    return event;
}

TEST(MessageContexts, KeepWhatOneLoadFoundWhileAnotherAsksAnew) {
    TrackingWorld world;
    const auto known = event_of(world, world.send());
    const auto unknown = event_of(world, world.send());
    MessageContexts contexts{world.documents, world.objections, world.clock};
    const std::vector<const Event*> first{&known};
    const std::vector<const Event*> both{&known, &unknown};

    boost::asio::io_context loop;
    const auto load = [&](const std::vector<const Event*>& events, bool& seen) -> Task<void> {
        EXPECT_TRUE((co_await contexts.load(events)).has_value());
        seen = std::ranges::all_of(events, [&](const Event* event) { return contexts.find(*event) != nullptr; });
    };
    bool seen = false, seen_by_both = false, seen_again = false;
    boost::asio::co_spawn(loop, load(first, seen), boost::asio::detached);
    loop.run();
    EXPECT_TRUE(seen);

    // One load waits for the second message; meanwhile the first is no longer fresh, and another load asks for it.
    loop.restart();
    world.faulty.reads_stand_still = true;
    boost::asio::co_spawn(loop, load(both, seen_by_both), boost::asio::detached);
    while (loop.poll_one() > 0) {
    }
    world.clock.advance(11s);
    boost::asio::co_spawn(loop, load(first, seen_again), boost::asio::detached);
    while (loop.poll_one() > 0) {
    }
    EXPECT_NE(contexts.find(known), nullptr);
    world.faulty.reads_stand_still = false;
    loop.run();
    EXPECT_TRUE(seen_by_both && seen_again);
}

TEST(MessageContexts, ForgetAMessageThatIsGone) {
    TrackingWorld world;
    const auto event = event_of(world, world.send());
    MessageContexts contexts{world.documents, world.objections, world.clock};
    const std::vector<const Event*> events{&event};
    ASSERT_TRUE(testing::run(contexts.load(events)).has_value());
    ASSERT_TRUE(testing::run(world.messages.discard(world.account, event.message)).has_value());
    world.clock.advance(11s);
    ASSERT_TRUE(testing::run(contexts.load(events)).has_value());
    EXPECT_EQ(contexts.find(event), nullptr);
}

}  // namespace
}  // namespace inboxpro
