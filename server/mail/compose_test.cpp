#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>

#include "mail/gmime.h"
#include "mail/header_text.h"
#include "mail/html_text.h"
#include "mail/mail.h"
#include "mail/structure.h"
#include "testing/fakes.h"

namespace inboxpro {
namespace {

const TimePoint kNow = from_millis(1'795'424'400'000);  // 2026-11-23 09:00 UTC

Mail a_mail() {
    Mail mail;
    mail.from = {.name = "Ada Lovelace", .address = "ada@example.org"};
    mail.to = {{.name = "", .address = "bob@example.com"}};
    mail.subject = "Engines";
    mail.html = "<p>Dear Bob, see <a href=\"https://engines.example/?a=1&amp;b=2\">the engine</a>.</p>";
    return mail;
}

Bytes composed(const Mail& mail) {
    testing::SeededRandom random;
    auto message = compose(mail, kNow, random);
    EXPECT_TRUE(message) << message.error().detail;
    return message.value_or(Bytes{});
}

Error refused(const Mail& mail, const MailLimits& limits = {}) {
    testing::SeededRandom random;
    auto message = compose(mail, kNow, random, limits);
    EXPECT_FALSE(message);
    return message ? Error{} : message.error();
}

/// The message as GMime reads it: not the code that wrote it.
GmimeObjectOf<GMimeMessage> reparsed(BytesView message) {
    start_gmime();
    const GmimeObjectOf<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(message.data(), message.size())};
    const GmimeObjectOf<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    return GmimeObjectOf<GMimeMessage>{g_mime_parser_construct_message(parser.get(), nullptr)};
}

Bytes content_of(GMimeObject* part) {
    const GmimeObjectOf<GMimeStream> stream{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::vector<GMimeObject*> leaves_of(GMimeMessage* message) {
    std::vector<GMimeObject*> leaves;
    g_mime_message_foreach(
        message,
        [](GMimeObject*, GMimeObject* part, gpointer list) {
            if (GMIME_IS_PART(part)) static_cast<std::vector<GMimeObject*>*>(list)->push_back(part);
        },
        &leaves);
    return leaves;
}

/// Text as it travels.
Bytes crlf(std::string_view text) {
    Bytes out;
    for (char character : text) {
        if (character == '\n') out.push_back('\r');
        out.push_back(character);
    }
    return out;
}

std::size_t longest_line(BytesView message) {
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < message.size();) {
        const auto end = message.find("\r\n", begin);
        if (end == BytesView::npos) return std::max(longest, message.size() - begin);
        longest = std::max(longest, end - begin);
        begin = end + 2;
    }
    return longest;
}

bool has_only_crlf(BytesView message) {
    for (std::size_t i = 0; i < message.size(); ++i) {
        if (message[i] == '\n' && (i == 0 || message[i - 1] != '\r')) return false;
        if (message[i] == '\r' && (i + 1 == message.size() || message[i + 1] != '\n')) return false;
    }
    return true;
}

TEST(Compose, WritesAnAlternativeOfTextAndHtml) {
    const Bytes message = composed(a_mail());
    const auto read = reparsed(message);
    EXPECT_STREQ(g_mime_message_get_subject(read.get()), "Engines");
    EXPECT_NE(message.find("From: \"Ada Lovelace\" <ada@example.org>\r\n"), Bytes::npos);
    EXPECT_NE(message.find("Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"), Bytes::npos);
    const auto leaves = leaves_of(read.get());
    ASSERT_EQ(leaves.size(), 2U);
    EXPECT_EQ(content_of(leaves[0]), "Dear Bob, see the engine (https://engines.example/?a=1&b=2).\r\n");
    EXPECT_EQ(content_of(leaves[1]), a_mail().html);
    EXPECT_TRUE(has_only_crlf(message));
}

TEST(Compose, KeepsBodiesInAnyScript) {
    Mail mail = a_mail();
    mail.html = "<p>" + std::string(3'000, 'x') + " Grüße\n.\n\nFrom me = yes\n</p> \n";
    mail.text = "Привет, как дела? Это текст почти без латиницы.\n";
    const auto read = reparsed(composed(mail));
    const auto leaves = leaves_of(read.get());
    ASSERT_EQ(leaves.size(), 2U);
    EXPECT_EQ(content_of(leaves[1]), crlf(mail.html));
    EXPECT_EQ(content_of(leaves[0]), crlf(mail.text));
    EXPECT_EQ(g_mime_part_get_content_encoding(GMIME_PART(leaves[0])), GMIME_CONTENT_ENCODING_BASE64);
    EXPECT_EQ(g_mime_part_get_content_encoding(GMIME_PART(leaves[1])), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

TEST(Compose, CarriesAttachmentsUnchangedUnderAnyName) {
    Mail mail = a_mail();
    mail.html.clear();
    mail.text = "see the files";
    const Bytes every_byte = [] {
        Bytes bytes;
        for (int i = 0; i < 1'024; ++i) bytes.push_back(static_cast<char>(i));
        return bytes;
    }();
    const std::vector<std::string> names = {"plan.pdf",  "Müller & Söhne \"2026\".pdf",  "図面.png",
                                            "a;b=c.txt", std::string(200, 'n') + ".bin", "per%20cent'.txt"};
    for (const auto& name : names)
        mail.attachments.push_back({.file_name = name, .media_type = "", .content = every_byte});
    const Bytes message = composed(mail);
    const auto read = reparsed(message);
    const auto leaves = leaves_of(read.get());
    ASSERT_EQ(leaves.size(), names.size() + 1);
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(text_or_empty(g_mime_part_get_filename(GMIME_PART(leaves[i + 1]))), names[i]);
        EXPECT_EQ(content_of(leaves[i + 1]), every_byte);
    }
    EXPECT_LE(longest_line(message), 998U);
}

TEST(Compose, NamesNoFolderInAFileName) {
    for (const auto* name : {"../../etc/passwd", "C:\\Windows\\passwd", "/passwd"}) {
        Mail mail = a_mail();
        mail.attachments.push_back({.file_name = name, .media_type = "text/plain", .content = "x"});
        const auto read = reparsed(composed(mail));
        EXPECT_STREQ(g_mime_part_get_filename(GMIME_PART(leaves_of(read.get()).back())), "passwd");
    }
}

TEST(Compose, RefusesLineEndsAndNulsNamingTheField) {
    for (const std::string& bad : {std::string{"a\rb"}, std::string{"a\nBcc: eve@example.org"},
                                   std::string{"a\r\n\r\n<script>"}, std::string{"a\0b", 3}, std::string{"\xff"}}) {
        const std::pair<const char*, std::function<void(Mail&)>> cases[] = {
            {"subject", [&](Mail& mail) { mail.subject = bad; }},
            {"from", [&](Mail& mail) { mail.from.name = bad; }},
            {"from", [&](Mail& mail) { mail.from.address = bad + "@example.org"; }},
            {"to", [&](Mail& mail) { mail.to[0].name = bad; }},
            {"to", [&](Mail& mail) { mail.to[0].address = "bob@example.org" + bad; }},
            {"cc", [&](Mail& mail) { mail.cc = {{.name = bad, .address = "c@example.org"}}; }},
            {"bcc", [&](Mail& mail) { mail.bcc = {{.name = "", .address = bad}}; }},
            {"in-reply-to", [&](Mail& mail) { mail.headers = {{"In-Reply-To", bad}}; }},
            {"headers", [&](Mail& mail) { mail.headers = {{bad, "x"}}; }},
            {"attachments", [&](Mail& mail) { mail.attachments = {{bad, "text/plain", "x"}}; }},
            {"attachments", [&](Mail& mail) { mail.attachments = {{"x", "text/" + bad, "x"}}; }}};
        for (const auto& [field, spoil] : cases) {
            Mail mail = a_mail();
            spoil(mail);
            const Error error = refused(mail);
            EXPECT_EQ(error.kind, ErrorKind::invalid);
            EXPECT_EQ(error.field, field) << bad;
        }
    }
}

TEST(Compose, RefusesWhatIsNoAddressAndWhatHasNoRecipient) {
    for (const auto* bad : {"", "bob", "@example.org", "bob@", "a b@example.org", "bob@example.org, eve@example.org",
                            "<bob@example.org>", "bob@@example.org", "\"a\"@example.org", ".a@b", "a@b..c"}) {
        Mail mail = a_mail();
        mail.to[0].address = bad;
        EXPECT_EQ(refused(mail).field, "to") << bad;
    }
    Mail mail = a_mail();
    mail.to.clear();
    EXPECT_EQ(refused(mail).field, "to");
    mail.bcc.assign(501, {.name = "", .address = "a@example.org"});
    EXPECT_EQ(refused(mail).field, "to");
}

TEST(Compose, RefusesToReplaceItsOwnFields) {
    for (const auto* name : {"From", "BCC", "Content-Type", "content-transfer-encoding", "MIME-Version", "Date"}) {
        Mail mail = a_mail();
        mail.headers = {{name, "x"}};
        EXPECT_EQ(refused(mail).field, "headers") << name;
    }
}

TEST(Compose, RefusesAMailThatIsTooLarge) {
    MailLimits limits;
    limits.bytes = 10'000;
    Mail mail = a_mail();
    mail.text = std::string(10'001, 'x');
    EXPECT_EQ(refused(mail, limits).kind, ErrorKind::invalid);
    mail.text.clear();
    mail.attachments = {{"a", "", Bytes(7'400, 'x')}};  // fits before base64, not after
    EXPECT_EQ(refused(mail, limits).kind, ErrorKind::invalid);
}

/// Text as attackers and spammers write it: encoded words, quotes, control characters, long words, any script.
rc::Gen<std::string> header_text() {
    return rc::gen::map(
        rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
            " ", "  ", "\t", "=?utf-8?Q?=41?=", "=?", "?=", "\"", "\\", ",", ";", ":", "<", ">", "@", "(", ")", "ü",
            "漢字", "😀", "\x01", "\x7f", "a", "Re: ", "word ", "=", "_", std::string(80, 'l'), std::string(1'100, 'L'),
            std::string(300, '?'), "'", "%00", "\u2028x", "\u00a0", ".")),
        [](const std::vector<std::string>& pieces) {
            std::string text;
            for (const auto& piece : pieces) text += piece;
            return text.substr(0, 20'000);
        });
}

TEST(Compose, HeadersReadBackAsTheyWereGiven) {
    EXPECT_TRUE(rc::check([] {
        Mail mail = a_mail();
        mail.subject = *header_text();
        mail.from.name = *header_text();
        mail.cc = {{.name = *header_text(), .address = "c.c+tag@example.org"}};
        mail.headers = {{"X-One", *header_text()}, {"References", "<a@example.org> <b@example.org>"}};
        const Bytes message = composed(mail);
        RC_ASSERT(longest_line(message) <= 998U);
        RC_ASSERT(has_only_crlf(message));
        const auto read = reparsed(message);
        std::vector<std::string> names;
        GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(read.get()));
        for (int i = 0; i < g_mime_header_list_get_count(headers); ++i)
            names.emplace_back(g_mime_header_get_name(g_mime_header_list_get_header_at(headers, i)));
        RC_ASSERT(names == std::vector<std::string>({"From", "To", "Cc", "Subject", "Date", "Message-ID", "X-One",
                                                     "References", "MIME-Version"}));
        RC_ASSERT(text_or_empty(g_mime_message_get_subject(read.get())) == mail.subject);
        RC_ASSERT(text_or_empty(g_mime_header_get_value(g_mime_header_list_get_header(headers, "X-One"))) ==
                  mail.headers[0].second);
        const MailHead head = read_head(message).value();
        RC_ASSERT(head.from.size() == 1U && head.to.size() == 1U && head.cc.size() == 1U && head.bcc.empty());
        RC_ASSERT(head.from[0].name == unfolded(mail.from.name));
        RC_ASSERT(head.cc[0].name == unfolded(mail.cc[0].name));
        RC_ASSERT(head.cc[0].address == mail.cc[0].address);
    }));
}

TEST(TextOfHtml, ReadsLikeALetter) {
    EXPECT_EQ(text_of_html("<h1>Offer</h1><p>Dear&nbsp;Bob,<br>two things:</p><ol><li>one<li>two</ol><ul><li>x</ul>"
                           "<style>p{}</style><!-- no --><p>See <a href='https://a.example/'>here</a> or "
                           "<a href='https://b.example/'>https://b.example/</a> <img alt='logo' src='x'></p>"
                           "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table><pre>a\n  b</pre>"),
              "Offer\n\nDear Bob,\ntwo things:\n\n1. one\n2. two\n\n- x\n\n"
              "See here (https://a.example/) or https://b.example/ logo\n\n1 2\n3\n\na\n  b\n");
    EXPECT_EQ(text_of_html(""), "");
    EXPECT_EQ(text_of_html("<script>alert(1)</script>"), "");
}

}  // namespace
}  // namespace inboxpro
