#include <gtest/gtest.h>

#include "mail/mail.h"
#include "mail/structure.h"

namespace inboxpro {
namespace {

using std::string_literals::operator""s;

TEST(ReadHead, TellsWhoWritesToWhom) {
    const MailHead head =
        read_head(
            "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\r\nTo: a@example.org,\r\n \"B, b\" <b@example.org>\r\n"
            "To: friends: c@example.org, d@example.org;\r\nCC: e@example.org\r\nbcc: f@example.org\r\n"
            "Message-Id:  <1@example.org> \r\n\r\nTo: not@example.org\r\n")
            .value();
    ASSERT_EQ(head.from.size(), 1U);
    EXPECT_EQ(head.from[0].name, "J\xc3\xbcrgen");
    ASSERT_EQ(head.to.size(), 4U);
    EXPECT_EQ(head.to[1].name, "B, b");
    EXPECT_EQ(head.to[3].address, "d@example.org");
    EXPECT_EQ(head.cc.at(0).address, "e@example.org");
    EXPECT_EQ(head.bcc.at(0).address, "f@example.org");
    EXPECT_EQ(head.message_id, "<1@example.org>");
}

TEST(ReadHead, RefusesHeadersThatOthersReadDifferently) {
    for (const auto& raw : {std::string{"To: a@b.example\rBcc: c@d.example\r\n\r\n"},
                            std::string{"To: a@b\0, c@d\r\n\r\n"s}, std::string{"To: a@b.example\r"}})
        EXPECT_EQ(read_head(raw).error().field, "raw");
    EXPECT_TRUE(read_head("To: a@b.example\r\n\r\nbody with \r and " + std::string(1, '\0')));
}

TEST(ReadHead, RefusesTooManyRecipientsAndSurvivesGroupsWithoutEnd) {
    std::string many = "To: a@example.org";
    for (int i = 0; i < 500; ++i) many += ",\r\n a@example.org";
    EXPECT_EQ(read_head(many + "\r\n\r\n").error().field, "raw");
    std::string groups = "To: ";
    for (int i = 0; i < 30'000; ++i) groups += "a:";
    EXPECT_EQ(read_head(groups + "\r\n\r\n").error().kind, ErrorKind::invalid);
    std::string comments = "To: " + std::string(60'000, '(') + "\r\n\r\n";
    EXPECT_TRUE(read_head(comments));
}

TEST(WithHeaders, ReplacesAndKeepsEveryOtherByte) {
    const std::string raw = "Subject: a\r\nx-mark: old\r\n folded\r\nTo: b@c\r\nX-MARK: older\r\n\r\nX-Mark: body\r\n";
    EXPECT_EQ(with_headers(raw, {{"X-Mark", "new"}, {"X-More", "1"}}).value(),
              "X-Mark: new\r\nX-More: 1\r\nSubject: a\r\nTo: b@c\r\n\r\nX-Mark: body\r\n");
    EXPECT_EQ(with_headers("From me Mon\nA: b\n\nc\r d", {{"X", "1"}}).value(), "From me Mon\nX: 1\nA: b\n\nc\r d");
    EXPECT_EQ(with_headers("A: b\r\n\nc\nd\r\n", {{"X", "1"}}).value(), "X: 1\r\nA: b\r\n\r\nc\r\nd\r\n");
    EXPECT_EQ(with_headers("", {{"X", "1"}}).value(), "X: 1\r\n");
}

TEST(WithHeaders, RefusesLineEndsNamingTheField) {
    for (const auto& bad : {std::string{"a\r\nb"}, std::string{"a\n"}, std::string{"a\rb"}, std::string{"a\0", 2}}) {
        EXPECT_EQ(with_headers("A: b\r\n\r\n", {{"X-Mark", bad}}).error().field, "x-mark");
        EXPECT_EQ(with_headers("A: b\r\n\r\n", {{bad, "x"}}).error().field, "headers");
    }
}

TEST(ParseMailbox, TakesExactlyOneAddress) {
    EXPECT_EQ(parse_mailbox("Ada <ada@example.org>").value().name, "Ada");
    EXPECT_EQ(parse_mailbox(" ada@example.org ").value().address, "ada@example.org");
    EXPECT_EQ(parse_mailbox("\"Lovelace, Ada\" <ada@example.org>").value().name, "Lovelace, Ada");
    for (const auto* wrong : {"", "Ada", "a@b.example, c@d.example", "friends: a@b.example;", "a b@c.example", "<>",
                              "a@", "Ada <ada@example.org>\r\nBcc: x@example.org"})
        EXPECT_FALSE(parse_mailbox(wrong)) << wrong;
}

}  // namespace
}  // namespace inboxpro
