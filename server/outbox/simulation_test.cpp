#include <gmock/gmock.h>

#include "outbox/simulation/history.h"

namespace inboxpro::simulation {
namespace {

// With sanitizers; ./test lives through a hundred thousand without them (tests/simulation).
constexpr std::uint64_t kHistories = 150;

TEST(History, LosesAndDoublesNothingAndBringsEveryMailToAnEnd) {
    int sent = 0, crashes = 0, changed = 0, put_off = 0;
    for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
        const auto outcome = History(seed).live();
        EXPECT_THAT(outcome.wrong, ::testing::IsEmpty()) << "seed " << seed;
        sent += outcome.sent;
        crashes += outcome.crashes;
        changed += outcome.changed;
        put_off += outcome.put_off;
    }
    EXPECT_GT(sent, 100);
    EXPECT_GT(crashes, 50);
    EXPECT_GT(changed, 10);
    EXPECT_GT(put_off, 10);
    std::cout << fmt::format("sent={} crashes={} changed={} put_off={}\n", sent, crashes, changed, put_off);
}

TEST(History, IsTheSameForTheSameSeed) {
    const auto once = History(7).live(), again = History(7).live();
    EXPECT_EQ(once.looked_up, again.looked_up);
    EXPECT_EQ(once.crashes, again.crashes);
}

TEST(History, FindsNodesThatTryAgainWithoutLookingWhetherTheMailWentOut) {
    for (std::uint64_t seed = 1; seed <= kHistories; ++seed)
        for (const auto& sentence : History(seed, Bug::retry_without_looking).live().wrong)
            if (sentence.starts_with("a mail went out ")) return;
    FAIL() << "not noticed in " << kHistories << " histories";
}

}  // namespace
}  // namespace inboxpro::simulation
