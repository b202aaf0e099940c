#include "google/backoff.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, DoublesFromOneSecondUpToSixtyFour) {
    EXPECT_EQ(back_off(1, {}, 0.0), 1s);
    EXPECT_EQ(back_off(1, {}, 0.5), 1'500ms);
    EXPECT_EQ(back_off(2, {}, 0.0), 2s);
    EXPECT_EQ(back_off(6, {}, 0.0), 32s);
    EXPECT_EQ(back_off(7, {}, 0.9), 64s);
    EXPECT_EQ(back_off(1'000, {}, 0.9), 64s);
}

TEST(BackOff, WaitsAtLeastAsLongAsGoogleAsks) {
    EXPECT_EQ(back_off(1, 600s, 0.5), 600s);
    EXPECT_EQ(back_off(5, 1s, 0.0), 16s);
}

TEST(BackOff, StaysWithinItsBoundsAndNeverShrinks) {
    EXPECT_TRUE(rc::check([] {
        const int tries = *rc::gen::inRange(1, 100);
        const double chance = *rc::gen::inRange(0, 1'000) / 1'000.0;
        const auto wait = back_off(tries, {}, chance);
        RC_ASSERT(wait >= 1s && wait <= 64s);
        RC_ASSERT(back_off(tries + 1, {}, chance) >= wait);
    }));
}

}  // namespace
}  // namespace inboxpro
