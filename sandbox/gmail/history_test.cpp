#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct History : ::testing::Test, Visitor {
    std::string access = token(kModify);
    std::string start = text(object(get("/gmail/v1/users/me/profile", access)), "/historyId");

    http::Response history(const std::string& query) { return get("/gmail/v1/users/me/history" + query, access); }
    std::string create_draft() {
        return text(object(post("/gmail/v1/users/me/drafts",
                                json::object{{"message", raw(mail("grace@sandbox.example"))}}, access)),
                    "/id");
    }
};

TEST_F(History, IsSilentWhenNothingChanged) {
    const auto answer = object(history("?startHistoryId=" + start));
    EXPECT_FALSE(answer.contains("history"));
    EXPECT_EQ(text(answer, "/historyId"), start);
}

TEST_F(History, TellsOfDraftsAndSends) {
    post("/gmail/v1/users/me/drafts/send", json::object{{"id", create_draft()}}, access);
    const auto all = object(history("?startHistoryId=" + start)).at("history").as_array();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(text(all[0], "/messagesAdded/0/message/labelIds/0"), "DRAFT");
    EXPECT_EQ(text(all[1], "/messagesDeleted/0/message/id"), text(all[0], "/messages/0/id"));
    EXPECT_EQ(text(all[2], "/messagesAdded/0/message/labelIds/0"), "SENT");
    const auto added = object(history("?startHistoryId=" + start + "&historyTypes=messageAdded&labelId=SENT"));
    EXPECT_EQ(added.at("history").as_array().size(), 1U);
}

TEST_F(History, ComesInPagesWithoutGapOrRepeat) {
    for (int i = 0; i < 7; ++i) create_draft();
    std::set<std::string> seen;
    std::string page, last;
    do {
        const auto answer = object(history("?maxResults=3&startHistoryId=" + start + page));
        for (const auto& record : answer.at("history").as_array()) {
            EXPECT_TRUE(seen.insert(text(record, "/id")).second);
            EXPECT_LT(last, text(record, "/id"));
            last = text(record, "/id");
        }
        page = answer.contains("nextPageToken") ? "&pageToken=" + text(answer, "/nextPageToken") : "";
    } while (!page.empty());
    EXPECT_EQ(seen.size(), 7U);
}

TEST_F(History, IsGoneAfterAWeek) {
    create_draft();
    clock.advance(std::chrono::hours{7 * 24 + 1});
    access = token(kModify);
    const auto answer = history("?startHistoryId=" + start);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(text(object(answer), "/error/errors/0/reason"), "notFound");
    EXPECT_EQ(history("?startHistoryId=1").status, 404);
    EXPECT_EQ(history("?startHistoryId=999999999").status, 404);
}

TEST_F(History, RefusesWhatIsNoStart) {
    EXPECT_EQ(history("").status, 400);
    EXPECT_EQ(history("?startHistoryId=x").status, 400);
    EXPECT_EQ(history("?startHistoryId=" + start + "&historyTypes=odd").status, 400);
    EXPECT_EQ(history("?startHistoryId=" + start + "&pageToken=odd").status, 400);
    EXPECT_EQ(history("?startHistoryId=" + start + "&maxResults=odd").status, 400);
}

}  // namespace
}  // namespace inboxpro::sandbox
