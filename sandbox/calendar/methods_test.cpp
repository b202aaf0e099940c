#include "sandbox/calendar/methods.h"

#include "sandbox/api/documented.h"

namespace inboxpro::sandbox::calendar {
namespace {

TEST(CalendarMethods, AreWhatGoogleDocuments) {
    expect_as_documented(methods(), "calendar.v3.json");
}

TEST(CalendarMethods, AreOpenedByTheirScopesAndByNoOther) {
    ASSERT_GE(scopes_in(methods()).size(), 12U);
    expect_opened_by_their_scopes_alone(methods());
}

TEST(CalendarMethods, RefuseBadTokensInTheOlderManner) {
    Visitor visitor;
    for (const auto& method : methods()) {
        const auto answer = attempt(visitor, method, "ya29.nonsense");
        EXPECT_EQ(answer.status, 401) << method.id;
        const auto error = Visitor::object(answer).at("error").as_object();
        EXPECT_EQ(error.at("errors").at(0).at("reason").as_string(), "authError");
        EXPECT_FALSE(error.contains("status"));
    }
}

TEST(CalendarMethods, HaveAQuotaOfTheirOwn) {
    Visitor visitor;
    const auto token = visitor.token("https://www.googleapis.com/auth/calendar " + std::string(kModify));
    ASSERT_EQ(visitor.post("/_sandbox/calendar/quota", {{"units_per_minute", 2}}).status, 200);
    const auto ask = [&] { return visitor.get("/calendar/v3/users/me/settings/timezone", token); };
    EXPECT_EQ(ask().status, 200);
    EXPECT_EQ(ask().status, 200);
    const auto refused = ask();
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(Visitor::text(Visitor::object(refused), "/error/errors/0/reason"), "rateLimitExceeded");
    EXPECT_EQ(visitor.get("/gmail/v1/users/me/profile", token).status, 200);
    EXPECT_EQ(visitor.post("/_sandbox/calendar/quota", {{"invitations_per_day", -1}}).status, 422);
}

}  // namespace
}  // namespace inboxpro::sandbox::calendar
