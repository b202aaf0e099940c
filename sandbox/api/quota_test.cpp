#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

TEST(Quota, LimitsEachUserByTheMinuteAndSaysWhenToComeBack) {
    Visitor visitor;
    const auto ada = visitor.token(kModify);
    const auto grace = visitor.token(kModify, "grace@sandbox.example");
    ASSERT_EQ(visitor.post("/_sandbox/quota", {{"units_per_minute", 150}}).status, 200);
    const auto send = [&](const std::string& token) {
        return visitor.post("/gmail/v1/users/me/messages/send", raw(mail("linus@other.example")), token);
    };
    ASSERT_EQ(send(ada).status, 200);
    const auto refused = send(ada);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(Visitor::text(Visitor::object(refused), "/error/errors/0/reason"), "rateLimitExceeded");
    EXPECT_TRUE(
        Visitor::text(Visitor::object(refused), "/error/message").ends_with("  Retry after 2026-11-23T09:01:00.000Z"))
        << refused.body;
    EXPECT_EQ(visitor.get("/gmail/v1/users/me/profile", ada).status, 200) << "one unit is left";
    EXPECT_EQ(send(grace).status, 200);
    visitor.clock.advance(std::chrono::seconds{60});
    EXPECT_EQ(send(ada).status, 200);
    EXPECT_EQ(visitor.post("/_sandbox/quota", {{"units_per_minute", -1}}).status, 422);
}

}  // namespace
}  // namespace inboxpro::sandbox
