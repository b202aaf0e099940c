#include "mail/structure.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>

#include "mail/gmime.h"

namespace inboxpro {
namespace {

std::string shape(const std::vector<MimePart>& parts) {
    std::string text;
    for (const auto& part : parts)
        text +=
            std::to_string(part.depth) + (part.in_attached_message ? "*" : "") + part.type + "/" + part.subtype + " ";
    return text;
}

Bytes body_of(BytesView message, const MimePart& part) {
    return Bytes{message.substr(part.body_begin, part.body_end - part.body_begin)};
}

TEST(Structure, FindsPartsAndTheirBytes) {
    const Bytes message =
        "From: a@b\r\nContent-Type: multipart/mixed;\r\n boundary=\"x y\"\r\n\r\npreamble\r\n--x y\r\n\r\none\r\n--x y "
        "\r\n"
        "Content-Type: TEXT/HTML; charset=UTF-8\r\nContent-Transfer-Encoding: Base64\r\n\r\ntwo\r\n\r\n--x "
        "y--\r\nepilogue";
    const auto parts = parts_of(message).value();
    EXPECT_EQ(shape(parts), "1multipart/mixed 2text/plain 2text/html ");
    EXPECT_EQ(body_of(message, parts[1]), "one");
    EXPECT_EQ(body_of(message, parts[2]), "two\r\n");
    EXPECT_EQ(parts[2].charset, "utf-8");
    EXPECT_EQ(parts[2].encoding, TransferEncoding::base64);
}

TEST(Structure, LooksIntoAttachedMessages) {
    const Bytes message =
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\n\nSubject: in\n"
        "Content-Type: multipart/mixed; boundary=ab\n\n--ab\n\ninner\n--ab--\n--a\nContent-Type: text/html\n"
        "Content-Disposition: attachment; filename*=utf-8''%C3%BC.html\n\nx\n--a--\n";
    const auto parts = parts_of(message).value();
    EXPECT_EQ(shape(parts), "1multipart/mixed 2message/rfc822 3*multipart/mixed 4*text/plain 2text/html ");
    EXPECT_EQ(body_of(message, parts[3]), "inner");
    EXPECT_TRUE(disposition_of(message, parts[4]).is_attachment);
    EXPECT_EQ(disposition_of(message, parts[4]).file_name, "\xc3\xbc.html");
}

TEST(Structure, SaysWhatAPartIsCalledAndWhetherItIsAttached) {
    const auto said = [](const Bytes& fields) {
        const auto disposition = disposition_of(fields + "\n\nx", parts_of(fields + "\n\nx").value()[0]);
        return disposition.file_name + (disposition.is_attachment ? "*" : "");
    };
    EXPECT_EQ(said("Subject: x"), "");
    EXPECT_EQ(said("Content-Type: application/pdf; name=\"a b.pdf\""), "a b.pdf");
    EXPECT_EQ(said("Content-Type: application/pdf; name=a.pdf\nContent-Disposition: inline"), "a.pdf");
    EXPECT_EQ(said("Content-Type: application/pdf; name=a.pdf\nContent-Disposition: ATTACHMENT;\n filename=b.pdf"),
              "b.pdf*");
    EXPECT_EQ(said("Content-Disposition: attachment\nContent-Disposition: inline; filename=second"), "*");
}

TEST(Structure, ReadsBrokenMailAsMailProgramsDo) {
    EXPECT_EQ(shape(parts_of("").value()), "1text/plain ");
    EXPECT_EQ(shape(parts_of("no header at all").value()), "1text/plain ");
    const Bytes no_end = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n\n<p>";
    EXPECT_EQ(body_of(no_end, parts_of(no_end).value()[1]), "<p>");
    const Bytes no_empty_line = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n--a\n--a--";
    EXPECT_EQ(shape(parts_of(no_empty_line).value()), "1multipart/mixed 2text/html 2text/plain ");
    EXPECT_EQ(shape(parts_of("Content-Type: multipart/mixed\n\n--\n--x\n").value()), "1multipart/mixed ");
    const Bytes mbox = "From a@b Mon\nSubject: x\n\nbody";
    const auto part = parts_of(mbox).value()[0];
    EXPECT_EQ(part.headers_begin, mbox.find("Subject"));
    EXPECT_EQ(body_of(mbox, part), "body");
}

Bytes nested_multiparts(int levels) {
    Bytes message;
    for (int i = 0; i < levels; ++i) {
        const std::string boundary = "b" + std::to_string(i);
        message.append("Content-Type: multipart/mixed; boundary=").append(boundary);
        message.append("\r\n\r\n--").append(boundary).append("\r\n");
    }
    return message + "\r\nend";
}

Bytes nested_messages(int levels) {
    Bytes message;
    for (int i = 0; i < levels; ++i) message += "Content-Type: message/rfc822\r\n\r\n";
    return message + "\r\nend";
}

Bytes flat(int leaves) {
    Bytes message = "Content-Type: multipart/mixed; boundary=a\r\n\r\n";
    for (int i = 0; i < leaves; ++i) message += "--a\r\n\r\nx\r\n";
    return message + "--a--\r\n";
}

TEST(Limits, AllowWhatTheySayAndNotOneMore) {
    EXPECT_TRUE(parts_of(nested_multiparts(19)));
    EXPECT_FALSE(parts_of(nested_multiparts(20)));
    EXPECT_TRUE(parts_of(nested_messages(19)));
    EXPECT_FALSE(parts_of(nested_messages(20)));
    EXPECT_TRUE(parts_of(flat(499)));
    EXPECT_FALSE(parts_of(flat(500)));
    const Bytes start = "X: ";
    EXPECT_TRUE(parts_of(start + Bytes(64 * 1024 - 5, 'x') + "\r\n\r\n"));
    EXPECT_FALSE(parts_of(start + Bytes(64 * 1024 - 4, 'x') + "\r\n\r\n"));
    EXPECT_TRUE(parts_of("\n" + Bytes(25 * 1024 * 1024 - 1, 'x')));
    EXPECT_FALSE(parts_of("\n" + Bytes(25 * 1024 * 1024, 'x')));
}

TEST(Limits, StopBombsOfAnySize) {
    for (const Bytes& bomb : {nested_multiparts(200'000), nested_messages(500'000), flat(2'000'000)}) {
        const auto parts = parts_of(bomb);
        ASSERT_FALSE(parts);
        EXPECT_EQ(parts.error().kind, ErrorKind::invalid);
        EXPECT_EQ(read_head(bomb).error().kind, ErrorKind::invalid);
    }
}

TEST(Structure, SurvivesAnyBytes) {
    EXPECT_TRUE(rc::check([](const std::vector<std::size_t>& choices) {
        static const std::vector<std::string> kPieces = {"Content-Type: multipart/mixed; boundary=a\n",
                                                         "Content-Type: multipart/digest; boundary=aa\r\n",
                                                         "Content-Type: message/rfc822\n",
                                                         "--a\n",
                                                         "--aa\r\n",
                                                         "--a--\n",
                                                         "\n",
                                                         "\r\n",
                                                         "\r",
                                                         " ",
                                                         "x: y\n",
                                                         ":",
                                                         "--",
                                                         "From x\n",
                                                         std::string(1, '\0'),
                                                         "\xff",
                                                         "Content-Type: text/html; charset=\"\n",
                                                         "Content-Type:",
                                                         "text"};
        Bytes message;
        for (auto choice : choices) message += kPieces[choice % kPieces.size()];
        const auto parts = parts_of(message);
        if (!parts) return;
        std::size_t last = 0;
        for (const auto& part : *parts) {
            RC_ASSERT(part.headers_begin <= part.headers_end && part.headers_end <= part.body_begin);
            RC_ASSERT(part.body_begin <= part.body_end && part.body_end <= message.size());
            RC_ASSERT(part.headers_begin >= last);
            last = part.headers_begin;
        }
    }));
}

}  // namespace
}  // namespace inboxpro
