#include "outbox/attempts.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

struct AttemptsTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    Attempts attempts;
    Send send{.id = MessageId::make(clock.now(), random), .epoch = 1, .intent = Send::Intent{.at = clock.now()}};

    Watched watched() { return attempts.watched(send, clock.steady()); }
};

TEST_F(AttemptsTest, TakesAnAttemptOfAnotherNodeForAliveAWholeLeaseAfterItWasFirstSeen) {
    EXPECT_EQ(watched().alive, kLease);
    clock.advance(kLease - 1ms);
    EXPECT_EQ(watched().alive, 1ms);
    clock.advance(1ms);
    EXPECT_EQ(watched().alive, 0ms);
    EXPECT_EQ(watched().since, kLease);
}

TEST_F(AttemptsTest, TakesAnOwnOneForAliveTheQuietTimeAfterItsCallEnded) {
    attempts.ended(send, clock.steady());
    EXPECT_EQ(watched().alive, kQuietTime);
    clock.advance(kQuietTime);
    EXPECT_EQ(watched().alive, 0ms);
}

TEST_F(AttemptsTest, BeginsAnewWithEveryClaim) {
    watched();
    clock.advance(1h);
    send.epoch = 2;
    EXPECT_EQ(watched().since, 0ms);
    EXPECT_EQ(watched().alive, kLease);
}

TEST_F(AttemptsTest, KnowsThatNothingIsAliveOfAMailThatGoogleWasNeverAskedToSend) {
    send.intent.reset();
    EXPECT_EQ(watched().alive, 0ms);
}

}  // namespace
}  // namespace inboxpro
