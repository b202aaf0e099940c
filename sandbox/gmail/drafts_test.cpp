#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct Drafts : ::testing::Test, Visitor {
    std::string access = token(kModify);

    json::object create(const std::string& message) {
        const auto answer = post("/gmail/v1/users/me/drafts", json::object{{"message", raw(message)}}, access);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    http::Response send(const std::string& id) {
        return post("/gmail/v1/users/me/drafts/send", json::object{{"id", id}}, access);
    }
    json::array deliveries(const std::string& filter = {}) {
        return object(get("/_sandbox/deliveries" + filter)).at("items").as_array();
    }
};

TEST_F(Drafts, AreSentOnceAndConsumed) {
    const auto draft = create(mail("grace@sandbox.example", "Once", "X-InboxPro-Id: m1\r\n"));
    const auto id = text(draft, "/id");
    EXPECT_TRUE(deliveries().empty());

    const auto sent = send(id);
    ASSERT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(text(object(sent), "/labelIds/0"), "SENT");
    EXPECT_NE(text(object(sent), "/id"), text(draft, "/message/id"));
    EXPECT_EQ(text(object(sent), "/threadId"), text(draft, "/message/threadId"));
    EXPECT_EQ(send(id).status, 404);
    EXPECT_EQ(get("/gmail/v1/users/me/drafts/" + id, access).status, 404);
    EXPECT_EQ(deliveries("?marker=m1").size(), 1U);
}

TEST_F(Drafts, KeepTheirIdWhileTheMessageChanges) {
    const auto draft = create(mail("grace@sandbox.example", "First"));
    const auto id = text(draft, "/id");
    const auto updated = call(http::Method::put, "/gmail/v1/users/me/drafts/" + id,
                              json::serialize(json::object{{"message", raw(mail("grace@sandbox.example", "Second"))}}),
                              "application/json", access);
    ASSERT_EQ(updated.status, 200) << updated.body;
    EXPECT_EQ(text(object(updated), "/id"), id);
    EXPECT_NE(text(object(updated), "/message/id"), text(draft, "/message/id"));
    EXPECT_EQ(get("/gmail/v1/users/me/messages/" + text(draft, "/message/id"), access).status, 404);
    ASSERT_EQ(send(id).status, 200);
    EXPECT_TRUE(from_base64url(text(deliveries(), "/0/raw")).value().contains("Subject: Second"));
}

TEST_F(Drafts, WithoutRecipientStayDraftsWhenSent) {
    const auto id = text(create("Subject: To nobody\r\n\r\nHello\r\n"), "/id");
    const auto refused = send(id);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(text(object(refused), "/error/errors/0/reason"), "invalidArgument");
    EXPECT_EQ(text(object(refused), "/error/message"), "Recipient address required");
    EXPECT_EQ(get("/gmail/v1/users/me/drafts/" + id, access).status, 200);
}

TEST_F(Drafts, TakeUploadsByteForByte) {
    const auto message = mail("grace@sandbox.example") + "--not a boundary\r\n\xff\xfe";
    const auto body =
        "--b\r\nContent-Type: application/json\r\n\r\n{\"message\":{}}\r\n--b\r\n"
        "Content-Type: message/rfc822\r\n\r\n" +
        message + "\r\n--b--\r\n";
    const auto created = call(http::Method::post, "/upload/gmail/v1/users/me/drafts?uploadType=multipart", body,
                              "multipart/related; boundary=\"b\"", access);
    ASSERT_EQ(created.status, 200) << created.body;
    const auto kept = object(get("/gmail/v1/users/me/drafts/" + text(object(created), "/id") + "?format=raw", access));
    EXPECT_EQ(from_base64url(text(kept, "/message/raw")).value(), message);
}

TEST_F(Drafts, AreListedNewestFirstInPages) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.insert(ids.begin(), text(create(mail("grace@sandbox.example")), "/id"));
    std::vector<std::string> listed;
    for (std::string page = "?maxResults=2"; !page.empty();) {
        const auto answer = object(get("/gmail/v1/users/me/drafts" + page, access));
        for (const auto& draft : answer.at("drafts").as_array()) listed.push_back(text(draft, "/id"));
        page = answer.contains("nextPageToken") ? "?maxResults=2&pageToken=" + text(answer, "/nextPageToken") : "";
    }
    EXPECT_EQ(listed, ids);
}

}  // namespace
}  // namespace inboxpro::sandbox
