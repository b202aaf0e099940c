#include "sandbox/gmail/labels.h"

#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct OwnLabels : ::testing::Test, Visitor {
    std::string access = token("https://mail.google.com/");

    http::Response create(const std::string& name) {
        return post("/gmail/v1/users/me/labels", json::object{{"name", name}}, access);
    }
    std::string send() {
        const auto sent = post("/gmail/v1/users/me/messages/send", raw(mail("grace@sandbox.example")), access);
        return text(object(sent), "/id");
    }
    std::size_t found(const std::string& query) {
        const auto answer = object(get("/gmail/v1/users/me/messages" + query, access));
        return answer.contains("messages") ? answer.at("messages").as_array().size() : 0;
    }
};

TEST_F(OwnLabels, AreMadeFoundAndForgotten) {
    const auto id = text(object(create("Big clients")), "/id");
    EXPECT_EQ(id, "Label_1");
    const auto message = "/gmail/v1/users/me/messages/" + send();
    ASSERT_EQ(post(message + "/modify", json::object{{"addLabelIds", {id}}}, access).status, 200);
    EXPECT_EQ(found("?labelIds=" + id), 1U);
    EXPECT_EQ(found("?q=label:big-clients"), 1U);
    EXPECT_EQ(object(get("/gmail/v1/users/me/labels/" + id, access)).at("messagesTotal").to_number<int>(), 1);
    EXPECT_EQ(call(http::Method::del, "/gmail/v1/users/me/labels/" + id, {}, {}, access).status, 204);
    EXPECT_FALSE(get(message + "?format=minimal", access).body.contains(id));
    EXPECT_EQ(get("/gmail/v1/users/me/messages?labelIds=" + id, access).status, 400);
}

TEST_F(OwnLabels, CannotTakeGmailsNamesNorOneTwice) {
    EXPECT_EQ(create("Work").status, 200);
    EXPECT_EQ(create("work").status, 409);
    for (const char* name : {"", "  ", "Inbox", "SENT", "drafts"}) {
        const auto refused = create(name);
        EXPECT_EQ(refused.status, 400) << name;
        EXPECT_EQ(text(object(refused), "/error/message"), "Invalid label name");
    }
}

TEST_F(OwnLabels, AreAddedAtMostAHundredACall) {
    json::array many;
    for (int i = 0; i < 101; ++i) many.emplace_back("STARRED");
    const auto path = "/gmail/v1/users/me/messages/" + send() + "/modify";
    EXPECT_EQ(post(path, json::object{{"addLabelIds", many}}, access).status, 400);
    many.pop_back();
    EXPECT_EQ(post(path, json::object{{"addLabelIds", many}}, access).status, 200);
}

}  // namespace
}  // namespace inboxpro::sandbox
