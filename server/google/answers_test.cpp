#include "google/answers.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace inboxpro {
namespace {

const TimePoint kNow = *from_rfc3339("2026-11-23T09:00:00Z");

TEST(TokenGrant, IsReadWithItsEndAndItsScopes) {
    const auto grant = read_token_grant(R"({"access_token":"ya29.a","expires_in":3599,"refresh_token":"1//r",
        "scope":"openid https://www.googleapis.com/auth/gmail.compose","token_type":"Bearer","id_token":"h.c.s"})",
                                        kNow)
                           .value();
    EXPECT_EQ(grant.access_token, Secret{"ya29.a"});
    EXPECT_EQ(grant.expires_at, kNow + std::chrono::seconds{3'599});
    EXPECT_EQ(grant.refresh_token, Secret{"1//r"});
    EXPECT_EQ(grant.scopes, (std::set<std::string>{"openid", std::string(scope::kGmailCompose)}));
    EXPECT_EQ(grant.id_token, Secret{"h.c.s"});
}

TEST(TokenGrant, SaysKeepTheOneYouHaveByLeavingItOut) {
    EXPECT_FALSE(read_token_grant(R"({"access_token":"a","expires_in":1})", kNow)->refresh_token);
    EXPECT_FALSE(read_token_grant(R"({"expires_in":1})", kNow));
}

TEST(SigningKeys, AreReadWithHowLongTheyAreGood) {
    const auto* body = R"({"keys":[{"kid":"k1","kty":"RSA","alg":"RS256","use":"sig","n":"wQ","e":"AQAB"},
        {"kid":"k2","kty":"EC","n":"wQ","e":"AQAB"},{"kid":"k3","kty":"RSA","use":"enc","n":"wQ","e":"AQAB"},
        {"kid":"k4","kty":"RSA","n":"!","e":"AQAB"},{"kid":"k5","kty":"RSA"}]})";
    const auto keys = read_signing_keys(body, "public, max-age=21599, must-revalidate").value();
    ASSERT_EQ(keys.keys.size(), 1U);
    EXPECT_EQ(keys.keys[0].id, "k1");
    EXPECT_EQ(keys.keys[0].modulus, "\xc1");
    EXPECT_EQ(keys.keys[0].exponent, Bytes("\x01\x00\x01", 3));
    EXPECT_EQ(keys.max_age, std::chrono::seconds{21'599});
    EXPECT_EQ(read_signing_keys(body, "no-cache")->max_age, std::chrono::hours{1});
    EXPECT_FALSE(read_signing_keys(R"({"keys":[]})", ""));
}

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
    EXPECT_EQ(message.internal_date, kNow);
    ASSERT_EQ(message.headers.size(), 1U);
    EXPECT_EQ(message.headers[0].second, "<CA@mail.gmail.com>");
}

TEST(History, HasNoListWhenNothingChanged) {
    const auto nothing = read_history(R"({"historyId":"12"})").value();
    EXPECT_TRUE(nothing.entries.empty());
    EXPECT_EQ(nothing.history_id, 12U);
    const auto page = read_history(R"({"history":[{"id":"13","messagesAdded":[{"message":{"id":"18e1","threadId":"18c0",
        "labelIds":["SENT"]}}]},{"id":"14","labelsAdded":[],"messagesDeleted":[{"message":{"id":"18e2","threadId":"18c0"}}]}],"nextPageToken":"p2","historyId":"14"})")
                          .value();
    ASSERT_EQ(page.entries.size(), 2U);
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
        EXPECT_EQ(read_token_grant(junk, kNow).error().kind, ErrorKind::unavailable) << junk;
    }
    EXPECT_TRUE(rc::check([](const std::string& text) { read_history(text), read_send_as(text); }));
}

}  // namespace
}  // namespace inboxpro
