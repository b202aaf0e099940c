#include "mailbox/simulation.h"

#include <gtest/gtest.h>

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

// A fiftieth of the accounts, and of the looks a second that one node can do; bench/mailbox does it in full.
TEST(Simulation, LetsNoAccountWaitLongerThanItsInterval) {
    testing::MailboxWorld world;
    testing::Simulation simulation(world, 200);
    simulation.begin(2);
    simulation.go(30min, 2);
    const auto& outcome = simulation.outcome;
    std::cout << outcome.looks << " looks in 40 min, at most " << outcome.most_late.count() << " ms late, "
              << outcome.most_units_of_one << " units a minute for one account, " << outcome.most_units_of_all
              << " for all\n";
    EXPECT_LE(outcome.most_late, 10s);
    EXPECT_LE(outcome.most_units_of_one, 6);
    EXPECT_LE(outcome.most_units_of_all, 1'200'000 / 50);
    world.clock.advance(10min);
    world.look_at_due();
    EXPECT_EQ(world.listener.told, outcome.happened);
    EXPECT_EQ(world.follower.figures().failed, 0U);
}

}  // namespace
}  // namespace inboxpro
