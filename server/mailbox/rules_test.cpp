#include "mailbox/rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <queue>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;

TEST(IntervalAfter, IsShortWhileSomethingHappensAndLongWhenNothingDoes) {
    EXPECT_EQ(interval_after(0s, {}), 60s);
    EXPECT_EQ(interval_after(5min, {}), 60s);
    EXPECT_EQ(interval_after(10min, {}), 2min);
    EXPECT_EQ(interval_after(50min, {}), 10min);
    EXPECT_EQ(interval_after(std::chrono::years{50}, {}), 10min);
    EXPECT_EQ(interval_after(1h, {.shortest = 300s, .longest = 60s}), 300s);
}

RC_GTEST_PROP(IntervalAfter, StaysWithinThePaceAndIsNeverLengthenedBySpreading,
              (std::uint32_t quiet, std::uint16_t dice)) {
    const auto interval = interval_after(std::chrono::seconds{quiet}, {});
    RC_ASSERT(interval >= 60s && interval <= 10min);
    const auto parted = spread(interval, dice);
    RC_ASSERT(parted <= interval && parted >= interval * 9 / 10);
}

TEST(BackOff, DoublesAndWaitsAtLeastAsLongAsGoogleAsks) {
    const Error lost{.kind = ErrorKind::unavailable, .detail = {}};
    const std::vector<std::chrono::milliseconds> expected{30s, 60s, 120s, 240s, 480s, 960s, 960s};
    for (int misses = 1; misses <= 7; ++misses) EXPECT_EQ(back_off(misses, lost), expected[misses - 1]);
    EXPECT_EQ(back_off(1'000'000, lost), 960s);
    EXPECT_EQ(back_off(1, {.kind = ErrorKind::rate_limited, .detail = {}, .retry_after = 1h}), 1h);
    EXPECT_EQ(back_off(6, {.kind = ErrorKind::rate_limited, .detail = {}, .retry_after = 1s}), 960s);
}

/// 10,000 accounts for six hours, 1 % of them active in each minute, by the rules alone.
TEST(IntervalAfter, KeepsTenThousandAccountsWithinGooglesQuota) {
    constexpr int kAccounts = 10'000;
    constexpr int kUnits = 2;
    std::mt19937 random{1};
    std::vector<std::chrono::seconds> active(kAccounts, 0s);
    using Look = std::pair<std::chrono::milliseconds, int>;
    std::priority_queue<Look, std::vector<Look>, std::greater<>> looks;
    for (int account = 0; account < kAccounts; ++account) looks.emplace(random() % 60'000, account);

    int most_in_a_minute = 0;
    int most_of_one = 0;
    std::uint64_t all = 0;
    for (auto minute = 1min; minute <= 6h; ++minute) {
        for (int i = 0; i < kAccounts / 100; ++i) active[random() % kAccounts] = minute - 1min;
        std::vector<int> of_account(kAccounts);
        int count = 0;
        while (looks.top().first < minute) {
            const auto [at, account] = looks.top();
            looks.pop();
            ++count;
            most_of_one = std::max(most_of_one, ++of_account[account]);
            const auto quiet = std::max<std::chrono::milliseconds>(at - active[account], 0ms);
            looks.emplace(at + spread(interval_after(quiet, {}), static_cast<std::uint16_t>(random())), account);
        }
        if (minute > 60min) all += count;
        most_in_a_minute = std::max(most_in_a_minute, count);
    }
    std::cout << "looks a minute: " << all / 300 << " on average, " << most_in_a_minute << " at most; of one account "
              << most_of_one << '\n';
    EXPECT_LE(most_in_a_minute * kUnits, 1'200'000 / 20);
    EXPECT_LE(most_of_one * kUnits, 6);
    EXPECT_GT(all / 300, 1'000U);
}

}  // namespace
}  // namespace inboxpro
