#include <filesystem>
#include <fstream>
#include <sstream>

#include "sandbox/delivery/post_office.h"
#include "sandbox/gmail/header.h"
#include "sandbox/gmail/mail.h"
#include "sandbox/visitor.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

struct Messages : ::testing::Test, Visitor {
    std::string access = token("https://mail.google.com/");
    std::string grace = token("https://mail.google.com/", "grace@sandbox.example");

    json::object send(const json::object& message) {
        const auto answer = post("/gmail/v1/users/me/messages/send", message, access);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return object(answer);
    }
    http::Response try_send(const json::object& message) {
        return post("/gmail/v1/users/me/messages/send", message, access);
    }
    json::object message(const std::string& id, const std::string& query = {}, const std::string& who = {}) {
        return object(get("/gmail/v1/users/me/messages/" + id + query, who.empty() ? access : who));
    }
    std::vector<std::string> list(const std::string& query, const std::string& who = {}) {
        const auto answer = get("/gmail/v1/users/me/messages" + query, who.empty() ? access : who);
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<std::string> ids;
        if (const auto found = object(answer); found.contains("messages"))
            for (const auto& each : found.at("messages").as_array()) ids.push_back(text(each, "/id"));
        return ids;
    }
    std::string header_of(const json::object& found, const std::string& name) {
        for (const auto& each : found.at("payload").at("headers").as_array())
            if (text(each, "/name") == name) return text(each, "/value");
        return {};
    }
    std::string raw_of(const std::string& id, const std::string& who) {
        return from_base64url(text(message(id, "?format=raw", who), "/raw")).value();
    }
};

TEST_F(Messages, GetAMessageIdOfGmailsOwn) {
    const auto sent = send(raw(mail("grace@sandbox.example")));
    const auto found = message(text(sent, "/id"), "?format=metadata&metadataHeaders=message-id");
    EXPECT_EQ(found.at("payload").at("headers").as_array().size(), 1U);
    const auto id = header_of(found, "Message-ID");
    EXPECT_TRUE(id.starts_with("<CA") && id.ends_with("@mail.gmail.com>")) << id;
    EXPECT_EQ(header_of(message(list("", grace).at(0), "?format=metadata", grace), "Message-ID"), id);
    EXPECT_EQ(list("?q=rfc822msgid:mine@local").size(), 0U);
    EXPECT_EQ(list("?q=rfc822msgid:" + query_encoded(id)).size(), 1U);
}

TEST_F(Messages, ReachEveryMailboxOnceAndHideBcc) {
    const auto sent = send(raw(mail("grace@sandbox.example, Grace+tag@sandbox.example", "Hello",
                                    "Bcc: linus@other.example, ada@sandbox.example\r\n")));
    EXPECT_EQ(sent.at("labelIds").as_array().size(), 3U);
    EXPECT_TRUE(raw_of(text(sent, "/id"), access).contains("Bcc:"));
    const auto received = list("", grace);
    ASSERT_EQ(received.size(), 1U);
    EXPECT_FALSE(raw_of(received[0], grace).contains("Bcc:"));
    const auto deliveries = object(get("/_sandbox/deliveries")).at("items").as_array();
    EXPECT_EQ(deliveries.size(), 3U);
    EXPECT_EQ(object(get("/_sandbox/deliveries?to=linus@other.example")).at("items").as_array().size(), 1U);
}

TEST_F(Messages, ComeFromAnAddressThatTheSenderMayUse) {
    const auto from_of = [&](const std::string& from) {
        const auto text_with = "From: " + from + "\r\nTo: grace@sandbox.example\r\nSubject: x\r\n\r\nx\r\n";
        return header_of(message(text(send(raw(text_with)), "/id"), "?format=metadata"), "From");
    };
    EXPECT_EQ(from_of("A <ADA@sandbox.example>"), "A <ADA@sandbox.example>");
    EXPECT_EQ(from_of("sales@sandbox.example"), "sales@sandbox.example");
    EXPECT_EQ(from_of("new@sandbox.example"), "Ada Lovelace <ada@sandbox.example>");
    EXPECT_EQ(from_of("Grace <grace@sandbox.example>"), "Ada Lovelace <ada@sandbox.example>");
}

TEST_F(Messages, RefuseWhatGmailRefuses) {
    const auto refused = [&](const json::object& body, const std::string& message) {
        const auto answer = try_send(body);
        EXPECT_EQ(answer.status, 400) << answer.body;
        EXPECT_EQ(text(object(answer), "/error/message"), message);
        EXPECT_EQ(text(object(answer), "/error/errors/0/reason"), "invalidArgument");
        EXPECT_EQ(text(object(answer), "/error/status"), "INVALID_ARGUMENT");
    };
    refused({}, "'raw' RFC822 payload message string or uploading message via /upload/* URL required");
    refused({{"raw", "%%%"}}, "Invalid value at 'raw' (TYPE_BYTES), Base64 decoding failed");
    refused(raw("Subject: x\r\n\r\nx"), "Recipient address required");
    refused(raw(mail("not an address")), "Invalid To header");
    auto threaded = raw(mail("grace@sandbox.example"));
    threaded["threadId"] = "FMfcgzQZTCqK";
    refused(threaded, "Invalid thread_id value");
    threaded["threadId"] = "18c0ffee18c0ffee";
    EXPECT_EQ(try_send(threaded).status, 404);
    EXPECT_EQ(post("/gmail/v1/users/me/messages/send", json::array{}, access).status, 400);
    EXPECT_EQ(get("/gmail/v1/users/me/messages/nonsense", access).status, 400);
    EXPECT_EQ(get("/gmail/v1/users/me/messages/18c0ffee18c0ffee", access).status, 404);
    EXPECT_EQ(get("/gmail/v1/users/me/messages/18c0ffee18c0ffee?format=odd", access).status, 400);
    std::string too_large;
    too_large.resize(PostOffice::kMaxBytes + 1, 'x');
    EXPECT_EQ(call(http::Method::post, "/upload/gmail/v1/users/me/messages/send?uploadType=media", std::move(too_large),
                   "message/rfc822", access)
                  .status,
              413);
}

TEST_F(Messages, BounceAtAnAddressThatIsNobodys) {
    const auto sent = send(raw(mail("nobody@sandbox.example", "Lost", "X-InboxPro-Id: m9\r\n")));
    const auto inbox = list("?labelIds=INBOX");
    ASSERT_EQ(inbox.size(), 1U);
    const auto bounce = message(inbox[0], "?format=full");
    EXPECT_EQ(header_of(bounce, "X-Failed-Recipients"), "nobody@sandbox.example");
    EXPECT_EQ(header_of(bounce, "Auto-Submitted"), "auto-replied");
    EXPECT_EQ(text(bounce, "/threadId"), text(sent, "/threadId"));
    EXPECT_EQ(text(bounce, "/payload/mimeType"), "multipart/report");
    EXPECT_EQ(text(bounce, "/payload/parts/1/mimeType"), "message/delivery-status");
    EXPECT_TRUE(raw_of(inbox[0], access).contains("X-InboxPro-Id: m9"));
    const auto deliveries = object(get("/_sandbox/deliveries?marker=m9"));
    EXPECT_TRUE(deliveries.at("items").as_array().empty());
}

TEST_F(Messages, JoinAThreadOnlyOnGmailsThreeConditions) {
    const auto first = send(raw(mail("grace@sandbox.example", "Plan")));
    const auto thread = text(first, "/threadId");
    const auto id = header_of(message(text(first, "/id"), "?format=metadata"), "Message-ID");
    const auto thread_of = [&](const std::string& subject, const std::string& header) {
        auto answer = raw(mail("grace@sandbox.example", subject, header));
        answer["threadId"] = thread;
        return text(send(answer), "/threadId");
    };
    const auto answered = "In-Reply-To: " + id + "\r\nReferences: " + id + "\r\n";
    EXPECT_EQ(thread_of("Re: plan", answered), thread);
    EXPECT_NE(thread_of("Another", answered), thread);
    EXPECT_NE(thread_of("Re: Plan", ""), thread);
    EXPECT_EQ(object(get("/gmail/v1/users/me/threads/" + thread + "?format=minimal", access))
                  .at("messages")
                  .as_array()
                  .size(),
              2U);
    EXPECT_EQ(object(get("/gmail/v1/users/me/threads?q=plan", grace)).at("threads").as_array().size(), 2U);
}

TEST_F(Messages, KeepEveryOtherByteOfRealMail) {
    const std::filesystem::path folder = INBOXPRO_SOURCE_DIR "/../shared/mail/eml";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the real mails are not here";
    int count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::stringstream content;
        content << std::ifstream(file.path(), std::ios::binary).rdbuf();
        const auto original = gmail::edit_header(content.str(), {"To", "Cc", "Bcc"}, {{"To", "grace@sandbox.example"}});
        const auto sent = send(raw(original));
        const auto delivered = raw_of(list("?maxResults=1", grace).at(0), grace);
        EXPECT_EQ(gmail::split_header(delivered).rest, gmail::split_header(original).rest) << file.path();
        EXPECT_EQ(get("/gmail/v1/users/me/messages/" + text(sent, "/id"), access).status, 200);
        ++count;
    }
    EXPECT_GT(count, 200);
}

TEST_F(Messages, ShowTheirParts) {
    const auto sent = send(raw(
        "To: grace@sandbox.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nSch=F6n & gut\r\n--b\r\nContent-Type: application/pdf\r\n"
        "Content-Disposition: attachment; filename=\"a b.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "AAEC\r\n--b--\r\n"));
    const auto found = message(text(sent, "/id"));
    EXPECT_EQ(text(found, "/snippet"), "Schön &amp; gut");
    EXPECT_EQ(header_of(found, "Subject"), "Grüße");
    EXPECT_EQ(from_base64url(text(found, "/payload/parts/0/body/data")).value(), "Schön & gut");
    EXPECT_EQ(text(found, "/payload/parts/1/filename"), "a b.pdf");
    const auto attachment = object(get("/gmail/v1/users/me/messages/" + text(sent, "/id") + "/attachments/" +
                                           text(found, "/payload/parts/1/body/attachmentId"),
                                       access));
    EXPECT_EQ(from_base64url(text(attachment, "/data")).value(), std::string("\0\1\2", 3));
    EXPECT_EQ(list("?q=has:attachment").size(), 1U);
}

TEST_F(Messages, AreFoundAsInTheSearchBox) {
    send(raw(mail("grace@sandbox.example", "Budget for spring")));
    clock.advance(std::chrono::hours{72});
    access = token(kModify);
    send(raw(mail("linus@other.example", "Kernel news", "Cc: grace@sandbox.example\r\n")));
    const auto found = [&](const std::string& q) { return list("?q=" + query_encoded(q)).size(); };
    EXPECT_EQ(found(""), 2U);
    EXPECT_EQ(found("in:sent"), 2U);
    EXPECT_EQ(found("in:inbox"), 0U);
    EXPECT_EQ(found("subject:budget"), 1U);
    EXPECT_EQ(found("subject:(budget spring)"), 1U);
    EXPECT_EQ(found("to:linus"), 1U);
    EXPECT_EQ(found("cc:grace OR subject:budget"), 2U);
    EXPECT_EQ(found("{cc:grace subject:budget}"), 2U);
    EXPECT_EQ(found("cc:grace subject:budget"), 0U);
    EXPECT_EQ(found("-to:linus"), 1U);
    EXPECT_EQ(found("newer_than:2d"), 1U);
    EXPECT_EQ(found("older_than:2d"), 1U);
    EXPECT_EQ(found("after:2026/11/25"), 1U);
    EXPECT_EQ(found("before:" + std::to_string(to_millis(clock.now()) / 1000 - 3600)), 1U);
    EXPECT_EQ(found("\"good & short\""), 2U);
    EXPECT_EQ(found("nowhere"), 0U);
    EXPECT_EQ(found("(((("), 2U);
}

TEST_F(Messages, ChangeLabelsAndGoToTheTrash) {
    send(raw(mail("grace@sandbox.example")));
    const auto id = list("?labelIds=INBOX&labelIds=UNREAD", grace).at(0);
    const auto path = "/gmail/v1/users/me/messages/" + id;
    EXPECT_EQ(post(path + "/modify", {{"removeLabelIds", {"UNREAD"}}}, grace).status, 200);
    EXPECT_TRUE(list("?q=is:unread", grace).empty());
    EXPECT_EQ(post(path + "/modify", {{"addLabelIds", {"SENT"}}}, grace).status, 400);
    EXPECT_EQ(post(path + "/modify", json::object{}, grace).status, 400);
    EXPECT_EQ(call(http::Method::post, path + "/trash", {}, {}, grace).status, 200);
    EXPECT_TRUE(list("", grace).empty());
    EXPECT_EQ(list("?includeSpamTrash=true", grace).size(), 1U);
    EXPECT_EQ(call(http::Method::del, path, {}, {}, grace).status, 204);
    EXPECT_EQ(call(http::Method::del, path, {}, {}, grace).status, 404);
}

}  // namespace
}  // namespace inboxpro::sandbox
