#include <fmt/format.h>

#include "sandbox/control/faults.h"
#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct Control : ::testing::Test, Visitor {
    std::string access = token(kModify);

    void set_fault(const json::object& fault) {
        const auto answer = post("/_sandbox/faults", json::array{fault});
        ASSERT_EQ(answer.status, 200) << answer.body;
    }
    http::Response send() {
        return post("/gmail/v1/users/me/messages/send", raw(mail("grace@sandbox.example")), access);
    }
    std::size_t delivered() { return object(get("/_sandbox/deliveries")).at("items").as_array().size(); }
};

TEST_F(Control, FaultsHitTheCallsTheyName) {
    set_fault({{"api", "gmail.messages.send"}, {"kind", "status"}, {"status", 500}});
    const auto failed = send();
    EXPECT_EQ(failed.status, 500);
    EXPECT_EQ(text(object(failed), "/error/errors/0/reason"), "backendError");
    EXPECT_EQ(get("/gmail/v1/users/me/profile", access).status, 200);
    EXPECT_EQ(delivered(), 0U);
    const auto report = object(get("/_sandbox/faults"));
    EXPECT_EQ(report.at("items").at(0).at("hits").to_number<int>(), 1);
    post("/_sandbox/faults", json::array{});
    EXPECT_EQ(send().status, 200);
}

TEST_F(Control, AnAnswerCanBeLostAfterTheEffect) {
    set_fault({{"api", "gmail"}, {"kind", "reset_after_effect"}});
    EXPECT_TRUE(send().stream);
    EXPECT_EQ(delivered(), 1U);
    set_fault({{"api", "messages.send"}, {"kind", "status"}, {"status", 503}, {"after_effect", true}});
    EXPECT_EQ(send().status, 503);
    EXPECT_EQ(delivered(), 2U);
    set_fault({{"api", "gmail"}, {"kind", "delay"}, {"delay_ms", 1}});
    EXPECT_EQ(send().status, 200);
    set_fault({{"api", "gmail"}, {"kind", "timeout"}, {"delay_ms", 1}});
    EXPECT_TRUE(send().stream);
    EXPECT_EQ(delivered(), 3U);
}

TEST_F(Control, RateLimitsSayWhenToTryAgain) {
    set_fault({{"api", "gmail"}, {"kind", "rate_limit"}, {"delay_ms", 90'000}});
    const auto first = send(), second = send();
    EXPECT_EQ(first.status, 429);
    EXPECT_EQ(second.status, 403);
    EXPECT_EQ(text(object(second), "/error/errors/0/domain"), "usageLimits");
    EXPECT_EQ(text(object(first), "/error/message"),
              "User-rate limit exceeded.  Retry after " + to_rfc3339(clock.now() + std::chrono::seconds{90}));
}

TEST_F(Control, TheSameSeedHitsTheSameCalls) {
    const auto pattern = [&](int seed) {
        set_fault({{"api", "profile"}, {"kind", "status"}, {"rate", 0.3}, {"seed", seed}});
        set_fault({{"api", "getProfile"}, {"kind", "status"}, {"rate", 0.3}, {"seed", seed}});
        std::string hits;
        for (int i = 0; i < 400; ++i) hits += get("/gmail/v1/users/me/profile", access).status == 200 ? '.' : 'x';
        return hits;
    };
    const auto first = pattern(7);
    EXPECT_EQ(first, pattern(7));
    EXPECT_NE(first, pattern(8));
    EXPECT_NEAR(static_cast<double>(std::ranges::count(first, 'x')), 120, 40);
}

TEST_F(Control, RefusesFaultsThatMakeNoSense) {
    for (const char* body : {"{}", "[1]", R"([{"kind":"odd"}])", R"([{"kind":"status","rate":2}])",
                             R"([{"kind":"status","status":200}])", R"([{"kind":"delay","delay_ms":-1}])"}) {
        const auto answer = call(http::Method::post, "/_sandbox/faults", body, "application/json");
        EXPECT_TRUE(answer.status == 400 || answer.status == 422) << body;
    }
}

TEST_F(Control, TheClockMoves) {
    const auto before = clock.now();
    EXPECT_EQ(text(object(post("/_sandbox/clock", {{"advance_seconds", 3600}})), "/now"),
              to_rfc3339(before + std::chrono::hours{1}));
    EXPECT_EQ(get("/gmail/v1/users/me/profile", access).status, 401);
    EXPECT_EQ(text(object(post("/_sandbox/clock", {{"now", "2030-01-01T00:00:00Z"}})), "/now"),
              "2030-01-01T00:00:00.000Z");
    EXPECT_EQ(post("/_sandbox/clock", {{"now", "tomorrow"}}).status, 400);
}

TEST_F(Control, UsersCanBeAdded) {
    EXPECT_EQ(post("/_sandbox/users", {{"address", "new@fresh.example"}, {"name", "New"}}).status, 201);
    EXPECT_EQ(post("/_sandbox/users", {{"address", "NEW@fresh.example"}}).status, 409);
    EXPECT_EQ(post("/_sandbox/users", {{"address", "nothing"}}).status, 422);
    EXPECT_EQ(post("/_sandbox/users", {{"address", "far@fresh.example"}, {"time_zone", "Mars/Base"}}).status, 422);
    EXPECT_EQ(object(get("/_sandbox/users")).at("items").as_array().size(), 4U);
    EXPECT_EQ(get("/gmail/v1/users/me/profile", token(kModify, "new@fresh.example")).status, 200);
}

TEST_F(Control, TheLedgerIsFilteredAndPaged) {
    for (int i = 0; i < 5; ++i)
        post("/gmail/v1/users/me/messages/send",
             raw(mail("grace@sandbox.example", "x", fmt::format("X-InboxPro-Id: m{}\r\n", i % 2))), access);
    EXPECT_EQ(object(get("/_sandbox/deliveries?marker=m0")).at("items").as_array().size(), 3U);
    EXPECT_EQ(object(get("/_sandbox/deliveries?to=nobody@x")).at("items").as_array().size(), 0U);
    std::size_t seen = 0;
    for (std::string after = "0"; !after.empty();) {
        const auto page = object(get("/_sandbox/deliveries?limit=2&after=" + after));
        seen += page.at("items").as_array().size();
        after = page.contains("next") ? text(page, "/next") : "";
    }
    EXPECT_EQ(seen, 5U);
}

}  // namespace
}  // namespace inboxpro::sandbox
