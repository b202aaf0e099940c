#include "tracking/intake/token_limit.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

Event event_of(std::uint64_t message) {
    Event event;
    Bytes id(8, '\0');
    append_u64(id, message);
    event.message = *MessageId::from_bytes(id);
    return event;
}

TEST(TokenLimit, StaysSmallWhateverComes) {
    TokenLimit limit{100, 1'000};
    for (std::uint64_t i = 0; i < 50'000; ++i) {
        ASSERT_TRUE(limit.admit(event_of(i), SteadyPoint{}));
        ASSERT_LE(limit.remembered(), 1'001U);
    }
}

TEST(TokenLimit, RemembersTheBusyWhenItForgetsTheQuiet) {
    TokenLimit limit{10, 100};
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(limit.admit(event_of(1), SteadyPoint{}));
    for (std::uint64_t i = 2; i < 5'000; ++i) limit.admit(event_of(i), SteadyPoint{});
    EXPECT_FALSE(limit.admit(event_of(1), SteadyPoint{}));
}

TEST(TokenLimit, BeginsAFreshHourWithTheFirstEventAfterIt) {
    TokenLimit limit{1};
    EXPECT_TRUE(limit.admit(event_of(1), SteadyPoint{}));
    EXPECT_FALSE(limit.admit(event_of(1), SteadyPoint{} + 59min));
    EXPECT_TRUE(limit.admit(event_of(1), SteadyPoint{} + 60min));
    EXPECT_FALSE(limit.admit(event_of(1), SteadyPoint{} + 119min));
}

TEST(TokenLimit, TellsOpensLinksAndRecipientsApart) {
    TokenLimit limit{1};
    auto event = event_of(1);
    EXPECT_TRUE(limit.admit(event, SteadyPoint{}));
    event.kind = EventKind::click;
    EXPECT_TRUE(limit.admit(event, SteadyPoint{}));
    event.link = 1;
    EXPECT_TRUE(limit.admit(event, SteadyPoint{}));
    event.recipient = 1;
    EXPECT_TRUE(limit.admit(event, SteadyPoint{}));
    EXPECT_FALSE(limit.admit(event, SteadyPoint{}));
}

}  // namespace
}  // namespace inboxpro
