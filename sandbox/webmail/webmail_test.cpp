#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct Webmail : ::testing::Test, Visitor {
    std::string access = token(kModify);

    /// Where Grace reads what Ada just sent.
    std::string send(const std::string& message) {
        EXPECT_EQ(post("/gmail/v1/users/me/messages/send", raw(message), access).status, 200);
        const auto list = get("/mail/grace@sandbox.example").body;
        const std::string prefix = "/mail/grace%40sandbox.example/";
        const auto at = list.find(prefix);
        EXPECT_NE(at, std::string::npos) << list;
        return list.substr(at, prefix.size() + 16);
    }
};

TEST_F(Webmail, LeadsFromTheFrontPageToAMail) {
    EXPECT_TRUE(get("/").body.contains("/mail/grace%40sandbox.example"));
    const auto path = send(mail("grace@sandbox.example", "<i>Hi</i> & welcome"));
    EXPECT_TRUE(get("/mail/grace@sandbox.example").body.contains("&lt;i&gt;Hi&lt;/i&gt; &amp; welcome"));
    const auto page = get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.body.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    EXPECT_TRUE(page.headers.get("Content-Security-Policy").starts_with("default-src 'none'"));
    EXPECT_TRUE(get("/mail/ada@sandbox.example?box=sent").body.contains("Grace") ||
                get("/mail/ada@sandbox.example?box=sent").body.contains("grace@sandbox.example"));
}

TEST_F(Webmail, ReadingTakesTheUnreadMarkAway) {
    const auto path = send(mail("grace@sandbox.example"));
    const auto grace = token(kModify, "grace@sandbox.example");
    const auto unread = [&] {
        return object(get("/gmail/v1/users/me/labels/UNREAD", grace)).at("messagesTotal").to_number<int>();
    };
    EXPECT_EQ(unread(), 1);
    get(path);
    EXPECT_EQ(unread(), 0);
}

TEST_F(Webmail, ShowsTheHtmlAsItIsWithImagesOfTheMail) {
    const auto path = send(
        "To: grace@sandbox.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; "
        "charset=windows-1252\r\n\r\n"
        "<a href=\"https://a.example/?a=1&amp;b=2\">\x84quoted\x93</a><img src=\"cid:logo@x\">"
        "<img src=\"http://t.example/o/1.gif\"><script>alert(1)</script>\r\n"
        "--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"
        "--b--\r\n");
    const auto body = get(path + "/body");
    EXPECT_TRUE(body.body.contains("<a href=\"https://a.example/?a=1&amp;b=2\">„quoted“</a>")) << body.body;
    EXPECT_TRUE(body.body.contains("<img src=\"http://t.example/o/1.gif\">"));
    EXPECT_TRUE(body.body.contains("<img src=\"" + path + "/part/1\">"));
    EXPECT_TRUE(body.body.contains("<base target=\"_blank\">"));
    const auto policy = body.headers.get("Content-Security-Policy");
    EXPECT_TRUE(policy.contains("default-src 'none'") && policy.contains("img-src *") &&
                policy.starts_with("sandbox "));
    const auto image = get(path + "/part/1");
    EXPECT_EQ(image.headers.get("Content-Type"), "image/png");
    EXPECT_EQ(image.body, std::string("\0\1\2", 3));
    EXPECT_FALSE(get(path).body.contains("class=\"attachments\""));
}

TEST_F(Webmail, OffersAttachmentsAndNeverRunsThem) {
    const auto path = send(
        "To: grace@sandbox.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
        "boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\n1 < 2 & 3\r\n--b\r\nContent-Type: text/html\r\n"
        "Content-Disposition: attachment; filename=evil.html\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n");
    EXPECT_TRUE(get(path + "/body").body.contains("1 &lt; 2 &amp; 3"));
    EXPECT_TRUE(get(path).body.contains("evil.html"));
    const auto part = get(path + "/part/1");
    EXPECT_EQ(part.headers.get("Content-Type"), "application/octet-stream");
    EXPECT_TRUE(part.headers.get("Content-Disposition").starts_with("attachment"));
}

TEST_F(Webmail, KnowsWhatIsNotThere) {
    for (const char* path : {"/mail/nobody@sandbox.example", "/mail/grace@sandbox.example/18c0ffee18c0ffee",
                             "/mail/grace@sandbox.example/odd/body", "/mail/grace@sandbox.example/1/part/9"})
        EXPECT_EQ(get(path).status, 404) << path;
}

}  // namespace
}  // namespace inboxpro::sandbox
