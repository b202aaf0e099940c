#include "sandbox/delivery/notices.h"

#include <gtest/gtest.h>

#include <mutex>

#include "testing/tiny_server.h"

namespace inboxpro::sandbox {
namespace {

/// Looks until it is so; false when that takes ten seconds.
template <class Done>
bool comes_true(Done done) {
    for (int i = 0; i < 1'000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return done();
}

Notice notice(std::string url, int attempts = 16) {
    return {.url = std::move(url),
            .body = "{}",
            .headers = [] { return std::vector<std::string>{"X-Kind: test"}; },
            .is_final = [](int status) { return status == 204; },
            .attempts = attempts};
}

TEST(Notices, ComeAgainUntilTheyAreTaken) {
    std::mutex mutex;
    std::vector<std::string> seen;
    testing::TinyServer server([&](std::string request) {
        const std::lock_guard lock(mutex);
        seen.push_back(std::move(request));
        return testing::reply(seen.size() < 3 ? "500 No" : "204 Yes", "");
    });
    Notices notices;
    notices.post(notice(server.origin() + "/push"));
    ASSERT_TRUE(comes_true([&] { return notices.figures().finished == 1; }));
    EXPECT_EQ(notices.figures().attempts, 3U);
    EXPECT_EQ(notices.figures().waiting, 0U);
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(seen[2].starts_with("POST /push HTTP/1.1\r\n") && seen[2].ends_with("\r\n\r\n{}")) << seen[2];
    EXPECT_TRUE(seen[2].contains("X-Kind: test\r\n"));
}

TEST(Notices, AreGivenUpAfterTheLastAttempt) {
    testing::TinyServer server([](const std::string&) { return testing::reply("403 No", ""); });
    Notices notices;
    notices.post(notice(server.origin(), 2));
    ASSERT_TRUE(comes_true([&] { return notices.figures().dropped == 1; }));
    EXPECT_EQ(notices.figures().attempts, 2U);
}

TEST(Notices, OfOneLineArriveInTheirOrder) {
    std::mutex mutex;
    std::vector<std::string> seen;
    testing::TinyServer server([&](std::string request) {
        const std::lock_guard lock(mutex);
        const auto at = request.find("X-Number: ") + 10;
        seen.push_back(request.substr(at, request.find('\r', at) - at));
        return testing::reply(seen.size() % 3 == 0 ? "500 No" : "204 Yes", "");
    });
    Notices notices;
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        auto numbered = notice(server.origin(), 1);
        numbered.line = "channel";
        numbered.headers = [i] { return std::vector<std::string>{fmt::format("X-Number: {}", i)}; };
        notices.post(std::move(numbered));
        expected.push_back(std::to_string(i));
    }
    ASSERT_TRUE(comes_true([&] { return notices.figures().waiting == 0; }));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(seen, expected);
}

TEST(Notices, EndWhileSomeWaitAndDropWhatIsTooMuch) {
    testing::TinyServer silent([](const std::string&) { return std::string(); });
    Notices notices;
    for (std::size_t i = 0; i < Notices::kMostWaiting + 5; ++i) notices.post(notice(silent.origin(), 1));
    EXPECT_EQ(notices.figures().dropped, 5U);
    EXPECT_EQ(notices.figures().waiting, Notices::kMostWaiting);
}

}  // namespace
}  // namespace inboxpro::sandbox
