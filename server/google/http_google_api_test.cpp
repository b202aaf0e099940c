#include "google/http_google_api.h"

#include <gtest/gtest.h>

#include "google/errors.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/tiny_server.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::reply;
using testing::run;
using testing::TinyServer;

class GoogleOverHttp : public ::testing::Test {
  protected:
    std::string seen_;
    std::string reply_ = reply("200 OK", R"({"id":"r-1","message":{"id":"18d1","threadId":"18c0"}})");
    TinyServer server_{[this](std::string request) {
        seen_ = std::move(request);
        return reply_;
    }};
    testing::FakeClock clock_;
    HttpGoogleApi google_{
        GoogleEndpoints::at(server_.origin()), {.id = "client 1", .secret = Secret{"s&cret"}}, clock_};
};

TEST_F(GoogleOverHttp, PostsTheCodeWithItsVerifierAsAForm) {
    reply_ = reply("200 OK", R"({"access_token":"a","expires_in":10})");
    ASSERT_TRUE(run(google_.exchange_code("4/code", Secret{"verifier"}, "https://app.example/oauth/callback")));
    EXPECT_TRUE(seen_.starts_with("POST /token HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
    EXPECT_TRUE(
        seen_.ends_with("\r\n\r\ngrant_type=authorization_code&code=4%2Fcode&code_verifier=verifier"
                        "&redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback"
                        "&client_id=client%201&client_secret=s%26cret"))
        << seen_;
}

TEST_F(GoogleOverHttp, UploadsADraftByteForByte) {
    const std::string raw = std::string("Subject: x\r\n\r\n\0\xff--boundary\r\n", 28);
    const auto draft = run(google_.create_draft(Secret{"ya29.a"}, raw, "18c0"));
    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->draft_id, "r-1");
    EXPECT_TRUE(seen_.starts_with("POST /upload/gmail/v1/users/me/drafts?uploadType=multipart HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Authorization: Bearer ya29.a\r\n"), std::string::npos);
    EXPECT_NE(seen_.find(R"({"message":{"threadId":"18c0"}})"), std::string::npos);
    EXPECT_NE(seen_.find("Content-Type: message/rfc822\r\n\r\n" + raw + "\r\n--"), std::string::npos);
}

TEST_F(GoogleOverHttp, CallsGmailAtGooglesOwnPaths) {
    ASSERT_TRUE(run(google_.get_draft(Secret{"t"}, "r/1")));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/drafts/r%2F1?format=minimal HTTP/1.1\r\n"));
    ASSERT_TRUE(run(google_.send_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/drafts/send HTTP/1.1\r\n"));
    EXPECT_TRUE(seen_.ends_with(R"({"id":"r-1"})"));
    ASSERT_TRUE(run(google_.message_metadata(Secret{"t"}, "18d1", {"Message-ID", "X-A"})));
    EXPECT_TRUE(seen_.starts_with(
        "GET /gmail/v1/users/me/messages/18d1?format=metadata&metadataHeaders=Message-ID&metadataHeaders=X-A HTTP"));
    ASSERT_TRUE(run(google_.history(Secret{"t"}, 12, "p&2")));
    EXPECT_TRUE(
        seen_.starts_with("GET /gmail/v1/users/me/history?startHistoryId=12"
                          "&maxResults=500&pageToken=p%262 HTTP"));
    ASSERT_TRUE(run(google_.send_as_addresses(Secret{"t"})));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/settings/sendAs HTTP"));
    ASSERT_TRUE(run(google_.messages(Secret{"t"}, "SENT", "7")));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/messages?labelIds=SENT&maxResults=500&pageToken=7 HTTP"));
    reply_ = reply("200 OK", R"({"historyId":"9","expiration":"1795424400000"})");
    const auto watch = run(google_.watch(Secret{"t"}, "projects/p/topics/t"));
    EXPECT_EQ(watch->history_id, 9U);
    EXPECT_EQ(to_rfc3339(watch->expires_at), "2026-11-23T09:00:00.000Z");
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/watch HTTP/1.1\r\n"));
    EXPECT_TRUE(seen_.ends_with(R"({"topicName":"projects/p/topics/t"})"));
    reply_ = "HTTP/1.1 204 No Content\r\n\r\n";
    ASSERT_TRUE(run(google_.stop_watch(Secret{"t"})));
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/stop HTTP"));
    ASSERT_TRUE(run(google_.delete_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("DELETE /gmail/v1/users/me/drafts/r-1 HTTP"));
}

TEST_F(GoogleOverHttp, RepeatsNothing) {
    reply_ = reply("503 Service Unavailable", R"({"error":{"code":503,"errors":[{"reason":"backendError"}]}})");
    int requests = 0;
    TinyServer failing([&](const std::string&) {
        ++requests;
        return reply_;
    });
    HttpGoogleApi google(GoogleEndpoints::at(failing.origin()), {.id = "c", .secret = Secret{"s"}}, clock_);
    EXPECT_EQ(run(google.send_draft(Secret{"t"}, "r-1")).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(google.refresh(Secret{"r"})).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(requests, 2);
}

TEST_F(GoogleOverHttp, TurnsRefusalsIntoErrors) {
    reply_ = reply("429 Too Many Requests", R"({"error":{"code":429,"errors":[{"reason":"rateLimitExceeded"}]}})",
                   "Retry-After: 30\r\n");
    EXPECT_EQ(run(google_.profile(Secret{"t"})).error().retry_after, 30s);
    reply_ = reply("400 Bad Request", R"({"error":"invalid_grant"})");
    EXPECT_EQ(run(google_.refresh(Secret{"t"})).error().detail, "invalid_grant");
}

}  // namespace
}  // namespace inboxpro
