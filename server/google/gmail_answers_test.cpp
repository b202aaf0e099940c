#include "google/gmail_answers.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace inboxpro {
namespace {

TEST(SendAs, AreVerifiedUnlessGoogleSaysPending) {
    const auto senders = read_send_as(R"({"sendAs":[
        {"sendAsEmail":"ann@example.com","displayName":"Ann","isPrimary":true,"isDefault":true,"signature":"<b>A</b>"},
        {"sendAsEmail":"a@b.example","verificationStatus":"accepted","treatAsAlias":true},
        {"sendAsEmail":"c@b.example","verificationStatus":"pending"}]})")
                             .value();
    ASSERT_EQ(senders.size(), 3U);
    EXPECT_EQ(senders[0].address, "ann@example.com");
    EXPECT_EQ(senders[0].display_name, "Ann");
    EXPECT_EQ(senders[0].signature_html, "<b>A</b>");
    EXPECT_TRUE(senders[0].is_primary && senders[0].is_default && senders[0].is_verified);
    EXPECT_TRUE(senders[1].is_verified);
    EXPECT_FALSE(senders[2].is_verified);
}

TEST(Draft, IsReadWithItsMessage) {
    const auto draft =
        read_draft(R"({"id":"r-1","message":{"id":"18d1","threadId":"18c0","labelIds":["DRAFT"]}})").value();
    EXPECT_EQ(draft.draft_id, "r-1");
    EXPECT_EQ(draft.message_id, "18d1");
    EXPECT_EQ(draft.thread_id, "18c0");
    EXPECT_FALSE(read_draft("{}"));
}

TEST(Message, IsReadWithNumbersThatComeAsText) {
    const auto message = read_message(R"({"id":"18e1","threadId":"18c0","labelIds":["SENT"],"historyId":"987654321098",
        "internalDate":"1795424400000","payload":{"headers":[{"name":"Message-ID","value":"<CA@mail.gmail.com>"}]}})")
                             .value();
    EXPECT_EQ(message.id, "18e1");
    EXPECT_EQ(message.thread_id, "18c0");
    EXPECT_EQ(message.labels, std::vector<std::string>{"SENT"});
    EXPECT_EQ(message.history_id, 987'654'321'098U);
    EXPECT_EQ(message.internal_date, from_rfc3339("2026-11-23T09:00:00Z"));
    ASSERT_EQ(message.headers.size(), 1U);
    EXPECT_EQ(message.headers[0].second, "<CA@mail.gmail.com>");
}

TEST(History, HasNoListWhenNothingChanged) {
    const auto nothing = read_history(R"({"historyId":"12"})").value();
    EXPECT_TRUE(nothing.entries.empty());
    EXPECT_EQ(nothing.history_id, 12U);
    EXPECT_EQ(nothing.reached, 0U);
    const auto page = read_history(R"({"history":[{"id":"13","messagesAdded":[{"message":{"id":"18e1","threadId":"18c0",
        "labelIds":["SENT"]}}]},{"id":"14","labelsAdded":[],"messagesDeleted":[{"message":{"id":"18e2","threadId":"18c0"}}]}],"nextPageToken":"p2","historyId":"14"})")
                          .value();
    ASSERT_EQ(page.entries.size(), 2U);
    EXPECT_EQ(page.reached, 14U);
    EXPECT_EQ(page.entries[0].change, HistoryPage::Change::added);
    EXPECT_EQ(page.entries[1].change, HistoryPage::Change::deleted);
    EXPECT_EQ(page.entries[1].message_id, "18e2");
    EXPECT_EQ(page.entries[0].message_id, "18e1");
    EXPECT_EQ(page.entries[0].thread_id, "18c0");
    EXPECT_EQ(page.entries[0].labels, std::vector<std::string>{"SENT"});
    EXPECT_EQ(page.next_page, "p2");
}

TEST(Profile, NamesTheMailbox) {
    const auto profile = read_profile(R"({"emailAddress":"ann@example.com","historyId":"77"})").value();
    EXPECT_EQ(profile.address, "ann@example.com");
    EXPECT_EQ(profile.history_id, 77U);
}

TEST(Answers, ThatCannotBeReadLeaveTheEffectUnknown) {
    for (const auto* junk : {"", "[]", "null", "<html>", R"({"id":)", R"({"id":7})"}) {
        EXPECT_EQ(read_draft(junk).error().kind, ErrorKind::unavailable) << junk;
        EXPECT_EQ(read_message(junk).error().kind, ErrorKind::unavailable) << junk;
        EXPECT_EQ(read_history(junk).error().kind, ErrorKind::unavailable) << junk;
    }
    EXPECT_EQ(read_history("{}").error().kind, ErrorKind::unavailable) << "not a history in which nothing happened";
    EXPECT_TRUE(rc::check([](const std::string& text) { read_history(text), read_send_as(text); }));
}

}  // namespace
}  // namespace inboxpro
