#include <fmt/format.h>

#include "sandbox/batch/multipart.h"
#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

struct Batches : ::testing::Test, Visitor {
    std::string access = token(kModify);

    http::Response batch(const std::vector<std::string>& requests, const std::string& path = "/batch/gmail/v1") {
        std::vector<BatchPart> parts;
        for (const auto& request : requests) parts.push_back({fmt::format("<item{}>", parts.size()), request});
        return call(http::Method::post, path, compose_batch(parts, "b"), "multipart/mixed; boundary=b", access);
    }
    /// What each call was answered, by the first line.
    std::vector<std::string> statuses(const http::Response& response) {
        EXPECT_EQ(response.status, 200) << response.body;
        const auto parts = read_batch(response.headers.get("Content-Type"), response.body);
        EXPECT_TRUE(parts);
        std::vector<std::string> lines;
        for (std::size_t i = 0; i < parts->size(); ++i) {
            EXPECT_EQ((*parts)[i].content_id, fmt::format("<response-item{}>", i));
            lines.push_back((*parts)[i].content.substr(9, 3));
        }
        return lines;
    }
};

const std::string kProfile = "GET /gmail/v1/users/me/profile HTTP/1.1\r\n\r\n";

TEST_F(Batches, AnswerEachCallInItsPlace) {
    const auto grace = token(kModify, "grace@sandbox.example");
    const auto send = R"({"raw":")" + base64url(mail("grace@sandbox.example")) + R"("})";
    const auto answer =
        batch({kProfile, "GET /gmail/v1/users/me/messages/ffff HTTP/1.1\r\n\r\n",
               "GET /gmail/v1/users/me/profile\r\nAuthorization: Bearer " + grace + "\r\n\r\n",
               "POST /gmail/v1/users/me/messages/send HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + send,
               "GET /gmail/v1/users/me/profile HTTP/1.1\r\nAuthorization: Bearer no\r\n\r\n"});
    EXPECT_EQ(statuses(answer), (std::vector<std::string>{"200", "404", "200", "200", "401"}));
    EXPECT_TRUE(answer.body.contains("ada@sandbox.example") && answer.body.contains("grace@sandbox.example"));
}

TEST_F(Batches, RefuseOtherApisAndAddresses) {
    EXPECT_EQ(statuses(batch({kProfile, "GET /v1/people/me HTTP/1.1\r\n\r\n", "POST /token HTTP/1.1\r\n\r\n",
                              "GET https://gmail.googleapis.com/gmail/v1/users/me/profile HTTP/1.1\r\n\r\n",
                              "GET /_sandbox/users HTTP/1.1\r\n\r\n"},
                             "/batch")),
              (std::vector<std::string>{"200", "404", "404", "400", "404"}));
    EXPECT_EQ(statuses(batch({kProfile}, "/batch/calendar/v3")), std::vector<std::string>{"404"});
}

TEST_F(Batches, HoldAHundredCallsAtMost) {
    EXPECT_EQ(statuses(batch(std::vector<std::string>(100, kProfile))).size(), 100U);
    EXPECT_EQ(batch(std::vector<std::string>(101, kProfile)).status, 400);
    EXPECT_EQ(call(http::Method::post, "/batch", "x", "text/plain", access).status, 400);
}

TEST_F(Batches, RunTheirCallsAtTheSameTime) {
    post("/_sandbox/quota", {{"concurrent_calls", 3}});
    EXPECT_EQ(statuses(batch({kProfile, kProfile, kProfile, kProfile, kProfile})),
              (std::vector<std::string>{"200", "200", "200", "429", "429"}));
    EXPECT_EQ(get("/gmail/v1/users/me/profile", access).status, 200) << "places are given back";
}

TEST_F(Batches, PayForEachCallAndPassTheFaults) {
    post("/_sandbox/quota", {{"units_per_minute", 2}});
    EXPECT_EQ(statuses(batch({kProfile, kProfile, kProfile})), (std::vector<std::string>{"200", "200", "429"}));
    post("/_sandbox/quota", {{"units_per_minute", 0}});
    post("/_sandbox/faults",
         boost::json::array{boost::json::object{{"api", "getProfile"}, {"kind", "reset_after_effect"}}});
    EXPECT_TRUE(batch({kProfile}).stream);
}

}  // namespace
}  // namespace inboxpro::sandbox
