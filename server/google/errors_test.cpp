#include "google/errors.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "testing/fakes.h"

namespace inboxpro {
namespace {

using std::chrono::seconds;

const TimePoint kRefusedAt = *from_rfc3339("2026-09-11T19:50:00Z");

std::string body(int code, std::string_view reason, std::string_view message = "a message",
                 std::string_view more = "") {
    return fmt::format(
        R"({{"error":{{"code":{0},"message":"{2}","errors":[{{"domain":"global","reason":"{1}","message":"{2}"}}]{3}}}}})",
        code, reason, message, more);
}

Error read(int status, std::string_view text, std::string_view retry_after = "") {
    return api_error(status, text, retry_after, kRefusedAt);
}

struct Row {
    int status;
    std::string reason;
    std::string message;
    ErrorKind kind;
    std::string detail;
};

class DecisionTable : public ::testing::TestWithParam<Row> {};

TEST_P(DecisionTable, SaysWhatTheCallerCanDo) {
    const auto& row = GetParam();
    const auto error = read(row.status, body(row.status, row.reason, row.message));
    EXPECT_EQ(error.kind, row.kind);
    EXPECT_EQ(error.detail, row.detail);
}

INSTANTIATE_TEST_SUITE_P(
    Google, DecisionTable,
    ::testing::Values(
        Row{400, "badRequest", "", ErrorKind::invalid, "badRequest"},
        Row{400, "invalidArgument", "", ErrorKind::invalid, "invalidArgument"},
        Row{400, "failedPrecondition", "Mail service not enabled", ErrorKind::denied,
            "failedPrecondition: this Google account has no Gmail"},
        Row{400, "failedPrecondition", "Precondition check failed.", ErrorKind::invalid, "failedPrecondition"},
        Row{401, "authError", "Invalid Credentials", ErrorKind::denied, "authError"},
        Row{403, "insufficientPermissions", "Request had insufficient authentication scopes.", ErrorKind::denied,
            "insufficientPermissions"},
        Row{403, "userRateLimitExceeded", "", ErrorKind::rate_limited, "userRateLimitExceeded"},
        Row{403, "rateLimitExceeded", "", ErrorKind::rate_limited, "rateLimitExceeded"},
        Row{403, "dailyLimitExceeded", "", ErrorKind::rate_limited, "dailyLimitExceeded"},
        Row{403, "quotaExceeded", "Calendar usage limits exceeded.", ErrorKind::rate_limited, "quotaExceeded"},
        Row{403, "domainPolicy", "", ErrorKind::denied, "domainPolicy"},
        Row{403, "forbidden", "", ErrorKind::denied, "forbidden"},
        Row{403, "accessNotConfigured", "Gmail API has not been used in project 1 before or it is disabled.",
            ErrorKind::denied, "accessNotConfigured"},
        Row{400, "EXPIRED_SYNC_TOKEN", "Sync token is expired.", ErrorKind::not_found, "EXPIRED_SYNC_TOKEN"},
        Row{410, "EXPIRED_SYNC_TOKEN", "Sync token is expired.", ErrorKind::not_found, "EXPIRED_SYNC_TOKEN"},
        Row{410, "fullSyncRequired", "", ErrorKind::not_found, "fullSyncRequired"},
        Row{400, "timeRangeTooLong", "", ErrorKind::invalid, "timeRangeTooLong"},
        Row{403, "forbiddenForNonOrganizer", "", ErrorKind::denied, "forbiddenForNonOrganizer"},
        Row{404, "notFound", "Requested entity was not found.", ErrorKind::not_found, "notFound"},
        Row{409, "duplicate", "", ErrorKind::conflict, "duplicate"},
        Row{410, "deleted", "", ErrorKind::not_found, "deleted"},
        Row{412, "conditionNotMet", "", ErrorKind::conflict, "conditionNotMet"},
        Row{429, "rateLimitExceeded", "Too many concurrent requests for user", ErrorKind::rate_limited,
            "rateLimitExceeded"},
        Row{429, "userRateLimitExceeded", "", ErrorKind::rate_limited, "userRateLimitExceeded"},
        Row{500, "backendError", "", ErrorKind::unavailable, "backendError"},
        Row{503, "backendError", "", ErrorKind::unavailable, "backendError"},
        Row{413, "uploadTooLarge", "", ErrorKind::invalid, "uploadTooLarge"},
        Row{408, "timeout", "", ErrorKind::unavailable, "timeout"},
        Row{302, "moved", "", ErrorKind::unavailable, "moved"}));

TEST(ApiError, FindsTheReasonInTheDetailsAndInTheStatus) {
    const auto scopes = read(403, R"({"error":{"code":403,"message":"m","status":"PERMISSION_DENIED","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}})");
    EXPECT_EQ(scopes.kind, ErrorKind::denied);
    EXPECT_EQ(scopes.detail, "insufficientPermissions");
    const auto rate = read(403, R"({"error":{"code":403,"message":"m","details":[{"reason":"RATE_LIMIT_EXCEEDED"}]}})");
    EXPECT_EQ(rate.kind, ErrorKind::rate_limited);
    EXPECT_EQ(read(429, R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}})").detail,
              "RESOURCE_EXHAUSTED");
}

TEST(ApiError, PrefersTheTellingReasonToTheGeneralOne) {
    const auto expired =
        read(400, body(400, "failedPrecondition", "Sync token is expired.",
                       R"(,"status":"FAILED_PRECONDITION","details":[{"reason":"EXPIRED_SYNC_TOKEN"}])"));
    EXPECT_EQ(expired.kind, ErrorKind::not_found);
    const auto off = read(403, body(403, "forbidden", "m", R"(,"details":[{"reason":"SERVICE_DISABLED"}])"));
    EXPECT_EQ(off.detail, "accessNotConfigured");
}

TEST(ApiError, StopsForHoursWhenADayIsUsedUp) {
    for (const auto* reason : {"quotaExceeded", "dailyLimitExceeded"}) {
        EXPECT_EQ(read(403, body(403, reason)).retry_after, std::chrono::hours{2});
        EXPECT_EQ(read(403, body(403, reason), "30").retry_after, seconds{30}) << "Google knows better";
    }
    EXPECT_FALSE(read(403, body(403, "rateLimitExceeded")).retry_after);
}

TEST(ApiError, TakesNothingButGooglesOwnWordForARefusal) {
    const auto whole = body(404, "notFound", "Requested entity was not found.");
    for (const auto& odd :
         {std::string{}, std::string("<html><title>404 Not Found</title></html>"), whole.substr(0, whole.size() / 2),
          std::string(R"({"error":"not found"})"), std::string("[]")})
        for (const int status : {400, 403, 404, 407, 409, 410, 412, 500, 502, 504})
            EXPECT_EQ(read(status, odd).kind, ErrorKind::unavailable) << status << odd;
    EXPECT_EQ(read(404, whole).kind, ErrorKind::not_found);
    EXPECT_EQ(read(404, R"({"error":{"code":404}})").kind, ErrorKind::not_found);
    EXPECT_EQ(read(413, "<html>too large</html>").kind, ErrorKind::invalid);
    EXPECT_EQ(read(429, "<html>slow down</html>", "9").retry_after, seconds{9});
    EXPECT_EQ(read(401, "").detail, "authError");
}

TEST(ApiError, WaitsUntilTheTimeThatEndsGmailsMessage) {
    const auto* message = "User-rate limit exceeded.  Retry after 2026-09-11T20:00:00.000Z";
    for (const int status : {403, 429})
        EXPECT_EQ(read(status, body(status, "rateLimitExceeded", message)).retry_after, seconds{600});
    EXPECT_EQ(
        read(429, body(429, "rateLimitExceeded", "x  Retry after 2026-09-11T20:00:00.250Z (Mail sending)")).retry_after,
        seconds{601});
}

TEST(ApiError, HonoursAHeaderAndTheLaterOfBoth) {
    const auto* message = "User-rate limit exceeded.  Retry after 2026-09-11T20:00:00.000Z";
    EXPECT_EQ(read(429, body(429, "rateLimitExceeded"), "17").retry_after, seconds{17});
    EXPECT_EQ(read(429, body(429, "rateLimitExceeded"), "Fri, 11 Sep 2026 19:51:00 GMT").retry_after, seconds{60});
    EXPECT_EQ(read(429, body(429, "rateLimitExceeded", message), "17").retry_after, seconds{600});
    EXPECT_EQ(read(429, body(429, "rateLimitExceeded", message), "700").retry_after, seconds{700});
}

TEST(ApiError, NamesNoTimeWhenGoogleNamesNone) {
    for (const auto* message :
         {"User-rate limit exceeded.", "Retry after", "Retry after soon", "Retry after 2026-13-41T20:00:00Z", ""})
        EXPECT_FALSE(read(429, body(429, "rateLimitExceeded", message), "soon").retry_after) << message;
}

TEST(ApiError, WaitsAtLeastASecondWhenTheTimeIsOver) {
    EXPECT_EQ(read(403, body(403, "rateLimitExceeded", "Retry after 2026-09-11T19:00:00.000Z")).retry_after,
              seconds{1});
}

TEST(ApiError, LetsNothingOfTheBodyOutButTheReason) {
    const auto canary = R"(Hello ann@example.com, \"secret subject\")";
    for (const int status : {400, 403, 404, 429, 500}) {
        EXPECT_EQ(read(status, body(status, "badThing", canary)).detail, "badThing");
        EXPECT_EQ(read(status, body(status, canary, "m")).detail, fmt::format("status {}", status));
    }
}

TEST(ApiError, SurvivesAnyBody) {
    for (const auto* junk : {"", "<html>502</html>", "[]", "null", R"({"error":"text"})", R"({"error":{"errors":{}}})",
                             R"({"error":{"errors":[1,null,{}],"message":7}})"})
        EXPECT_EQ(read(502, junk).kind, ErrorKind::unavailable) << junk;
    EXPECT_TRUE(rc::check([](const std::string& text) { read(403, text, text); }));
}

TEST(OauthError, KnowsADeadGrantAndAWrongClient) {
    const auto dead = oauth_error(
        400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})", "", kRefusedAt);
    EXPECT_EQ(dead.kind, ErrorKind::denied);
    EXPECT_EQ(dead.detail, "invalid_grant");
    EXPECT_EQ(oauth_error(401, R"({"error":"invalid_client"})", "", kRefusedAt).kind, ErrorKind::denied);
    EXPECT_EQ(oauth_error(400, R"({"error":"redirect_uri_mismatch"})", "", kRefusedAt).kind, ErrorKind::invalid);
    EXPECT_EQ(oauth_error(400, R"({"error":"invalid_token"})", "", kRefusedAt).kind, ErrorKind::invalid);
    EXPECT_EQ(oauth_error(429, "", "5", kRefusedAt).retry_after, seconds{5});
    EXPECT_EQ(oauth_error(503, "oops", "", kRefusedAt).kind, ErrorKind::unavailable);
    EXPECT_EQ(oauth_error(403, "<html>a proxy</html>", "", kRefusedAt).kind, ErrorKind::unavailable);
    EXPECT_EQ(oauth_error(400, R"({"error":"inval)", "", kRefusedAt).kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace inboxpro
