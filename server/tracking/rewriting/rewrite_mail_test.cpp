#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "mail/structure.h"
#include "tracking/rewriting/comparison_for_tests.h"
#include "tracking/rewriting/edits.h"

namespace inboxpro {
namespace {

using testing::Comparison;
using testing::RewriteSetup;

constexpr const char* kLink = "<a href=\"http://a.example/\">a</a>";

Bytes html_mail(std::string_view fields, std::string_view body) {
    return "From: a@example.org\r\nContent-Type: text/html\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

TEST(RewriteMail, SaysWhyNothingIsTracked) {
    RewriteSetup setup;
    const std::pair<std::string, std::string> cases[] = {
        {"Subject: x\r\n\r\nhello\r\n", "no_html"},
        {"Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\n<p>", "no_html"},
        {html_mail("", " \r\n"), "no_html"},
        {html_mail("Content-Transfer-Encoding: x-uuencode\r\n", "<p>"), "no_html"},
        {"Content-Type: application/pkcs7-mime\r\n\r\nAAAA", "signed_or_encrypted"},
        {"Content-Type: application/octet-stream; name=smime.p7m\r\n\r\nAAAA", "signed_or_encrypted"},
        {"Content-Type: multipart/encrypted; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a--", "signed_or_encrypted"},
        {"\r\n-----BEGIN PGP MESSAGE-----\r\n", "signed_or_encrypted"},
        {html_mail("", "<pre>-----BEGIN PGP SIGNED MESSAGE-----\r\n"), "signed_or_encrypted"}};
    for (const auto& [raw, why] : cases) {
        const auto rewritten = setup.mail(raw);
        EXPECT_EQ(rewritten.why_not, why) << raw;
        EXPECT_EQ(rewritten.content, raw);
        EXPECT_FALSE(rewritten.tracked);
    }
    setup.options.track = {.opens = false, .clicks = false};
    EXPECT_EQ(setup.mail(html_mail("", kLink)).why_not, "switched_off");
}

TEST(RewriteMail, TracksAMailThatForwardsASignedOne) {
    const RewriteSetup setup;
    const Bytes raw =
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>\r\n--a\r\n"
        "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b--\r\n--a--\r\n";
    EXPECT_TRUE(setup.mail(raw).tracked);
}

TEST(RewriteMail, RefusesAMailOverTheLimits) {
    const RewriteSetup setup;
    const Bytes raw = html_mail("", Bytes(25 * 1024 * 1024, ' '));
    EXPECT_EQ(rewrite_mail(raw, setup.sealer, setup.options).error().kind, ErrorKind::invalid);
}

TEST(RewriteMail, GivesOnePixelAndOneSeriesOfNumbersToAllParts) {
    const RewriteSetup setup;
    const std::string part = std::string{"--a\r\nContent-Type: text/html\r\n\r\n"} + kLink + "\r\n";
    const auto rewritten = setup.mail("Content-Type: multipart/mixed; boundary=a\r\n\r\n" + part + part + "--a--\r\n");
    const Comparison comparison{part + part, rewritten.content.substr(rewritten.content.find("--a")), setup};
    ASSERT_EQ(comparison.links().size(), 2U);
    EXPECT_EQ(comparison.links()[1].link, 1);
    EXPECT_EQ(comparison.pixels(), 1);
}

TEST(RewriteMail, KeepsQuotedPrintableLinesShortAndAsTheyWere) {
    const RewriteSetup setup;
    const Bytes body =
        "first line =3D unchanged, with an odd =3d and trailing space \r\n"
        "<a href=3D\"http://a.example/\">text behind the link up to the end of it</a>=\r\n more\r\n"
        "<p>last=20line</p>";
    const auto rewritten = setup.mail(html_mail("Content-Transfer-Encoding: quoted-printable\r\n", body));
    const auto part = parts_of(rewritten.content).value()[0];
    const Bytes after = rewritten.content.substr(part.body_begin);
    EXPECT_TRUE(
        after.starts_with("first line =3D unchanged, with an odd =3d and trailing space \r\n<a href=3D\"https://t"));
    EXPECT_NE(after.find("\">text behind the link up to the end of it</a>=\r\n more\r\n<p>last=20line</p>"),
              Bytes::npos);
    for (std::size_t line = 0; line < after.size(); line = std::min(after.find("\r\n", line), after.size() - 2) + 2)
        EXPECT_LE(std::min(after.find("\r\n", line), after.size()) - line, 76U);
}

TEST(RewriteMail, TurnsLinesThatGrewTooLongIntoQuotedPrintable) {
    const RewriteSetup setup;
    const std::string long_line = std::string(950, 'x') + kLink + " \xc3\xbc\t\r\n=\r\n";
    for (const std::string field :
         {"", "Content-Transfer-Encoding: 8bit\r\n", "content-transfer-encoding:\r\n  7bit\r\n"}) {
        const auto rewritten = setup.mail(html_mail(field, long_line));
        const auto part = parts_of(rewritten.content).value()[0];
        EXPECT_EQ(part.encoding, TransferEncoding::quoted_printable);
        const Bytes content = decoded_body(BytesView{rewritten.content}.substr(part.body_begin), part.encoding);
        EXPECT_EQ(Comparison(long_line, content, setup).error(), "");
    }
    const std::string was_long_already = std::string(2'000, 'x') + "\r\n" + kLink;
    EXPECT_EQ(parts_of(setup.mail(html_mail("", was_long_already)).content).value()[0].encoding,
              TransferEncoding::identity);
}

TEST(RewriteMail, KeepsTheLineLengthOfBase64) {
    const RewriteSetup setup;
    std::string code = base64(std::string(200, 'x') + kLink), body;
    for (std::size_t at = 0; at < code.size(); at += 40) body += code.substr(at, 40) + "\n";
    const auto rewritten = setup.mail("Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + body);
    const auto part = parts_of(rewritten.content).value()[0];
    const Bytes after = rewritten.content.substr(part.body_begin);
    EXPECT_EQ(after.find('\n'), 40U);
    EXPECT_EQ(after.substr(0, 240), body.substr(0, 240));
    EXPECT_TRUE(after.ends_with('\n'));
    EXPECT_EQ(after.find('\r'), Bytes::npos);
}

/// Any text, encoded, edited in the code and decoded, is the text edited.
TEST(EncodedEdits, CommuteWithDecoding) {
    EXPECT_TRUE(rc::check([](const std::string& seed_text) {
        std::string text;
        for (char character : seed_text)
            text += character == 'a' ? std::string{"=\r\n"} : character == 'b' ? " \n" : std::string(1, character);
        Bytes quoted = in_quoted_printable(text, "\r\n");
        const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
        const auto end = *rc::gen::inRange<std::size_t>(cut, text.size() + 1);
        const std::vector<Edit> edits = {{.offset = cut, .length = end - cut, .text = std::string(100, 'r') + "=&"}};
        const Bytes expected = applied(text, edits);
        for (const auto& [encoding, body] : {std::pair{TransferEncoding::quoted_printable, quoted},
                                             {TransferEncoding::base64, base64(text)},
                                             {TransferEncoding::identity, text}}) {
            RC_ASSERT(decoded_body(body, encoding) == text);
            RC_ASSERT(decoded_body(applied(body, encoded_edits(body, encoding, edits, "\r\n")), encoding) == expected);
        }
    }));
}

}  // namespace
}  // namespace inboxpro
