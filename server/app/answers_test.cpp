#include <gmock/gmock.h>

#include "answers/listener.h"
#include "app/against_sandbox.h"
#include "mailbox/follower.h"
#include "tracking/events.h"
#include "tracking/tally.h"

// From a mail that goes out through the sandbox to what comes back, over the real client.
namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using ::testing::HasSubstr;
using testing::run;
using User = AgainstSandbox::User;

struct ComesBack : ::testing::Test {
    ComesBack() { follower.tell(listener); }

    /// Without gmail.modify, as everybody is at first.
    void let_headers_only(User& user) {
        const std::set<std::string> scopes{std::string(scope::kGmailCompose), std::string(scope::kGmailMetadata),
                                           std::string(scope::kGmailSettings)};
        user.refresh_token = world.grant(user.address, "app", fmt::format("{}", fmt::join(scopes, " ")));
        auto account = run(world.accounts.get(user.account)).value();
        account.scopes = scopes;
        account.refresh_token = user.refresh_token;
        ASSERT_TRUE(run(world.accounts.update(account)));
        world.node->access.forget(user.account);
    }
    MessageId sent(User& user, const std::string& to) {
        EXPECT_TRUE(run(follower.follow(user.account)));
        look();
        const auto submitted = world.submit(user, to);
        EXPECT_TRUE(submitted);
        world.work_for(2min);
        return submitted->message.id;
    }
    void look() {
        world.clock.advance(10min);
        for (const auto account : run(follower.due(10)).value()) ASSERT_TRUE(run(follower.look(account)));
    }
    object ask(const User& user, http::Method method, const std::string& path, const object& body = {}) {
        const auto answer =
            world.ask(method, "/gmail/v1/users/me" + path, body.empty() ? "" : boost::json::serialize(body),
                      AgainstSandbox::kJson, user.other_client);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return boost::json::parse(answer.body).as_object();
    }
    /// The newest mail of the user is answered, with these header fields besides.
    void answer(const User& user, const std::string& to, const std::string& more = "") {
        const auto newest = ask(user, http::Method::get, "/messages?labelIds=INBOX").at("messages").at(0);
        const std::string id(newest.at("id").as_string());
        const auto message =
            ask(user, http::Method::get, "/messages/" + id + "?format=metadata&metadataHeaders=Message-ID");
        const std::string message_id(message.at("payload").at("headers").at(0).at("value").as_string());
        ask(user, http::Method::post, "/messages/send",
            {{"threadId", newest.at("threadId")},
             {"raw", base64url("From: " + user.address + "\r\nTo: " + to +
                               "\r\nSubject: Re: Offer\r\nIn-Reply-To: " + message_id +
                               "\r\nReferences: " + message_id + "\r\n" + more + "\r\nSounds good.\r\n")}});
    }
    std::vector<JudgedEvent> events_of(const User& user, MessageId message) {
        return run(events.of_message(user.account, message, 10, {})).value();
    }
    ReadStatus status(const User& user, MessageId message) { return run(tallies.get(user.account, message))->status(); }

    AgainstSandbox world;
    Mailboxes mailboxes{world.documents};
    Follower follower{{}, mailboxes, world.node->access, world.accounts, world.clock, world.random};
    Hindsight hindsight{world.documents, world.clock};
    AnswersListener listener{world.node->access, world.documents, world.messages, hindsight, world.index, {}};
    Events events{world.documents};
    Tallies tallies{world.documents};
};

TEST_F(ComesBack, AnAnswerMakesTheMailReplied) {
    auto& ann = world.add_user();
    let_headers_only(ann);
    const auto& ben = world.add_user();
    const auto message = sent(ann, ben.address);
    answer(ben, ann.address);
    look();
    const auto seen = events_of(ann, message);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].event.kind, EventKind::reply);
    EXPECT_EQ(status(ann, message), ReadStatus::replied);
}

TEST_F(ComesBack, AnAbsenceNoteDoesNot) {
    auto& ann = world.add_user();
    let_headers_only(ann);
    const auto& ben = world.add_user();
    const auto message = sent(ann, ben.address);
    answer(ben, ann.address, "Auto-Submitted: auto-replied\r\n");
    look();
    const auto seen = events_of(ann, message);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].verdict.rule, "auto-reply");
    EXPECT_EQ(status(ann, message), ReadStatus::none);
}

TEST_F(ComesBack, ABouncesHeaderSaysWhom) {
    auto& ann = world.add_user();
    let_headers_only(ann);
    const auto message = sent(ann, "nobody@sandbox.example");
    look();
    const auto seen = events_of(ann, message);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].event.kind, EventKind::bounce);
    EXPECT_EQ(seen[0].event.recipient, 0);
    EXPECT_THAT(seen[0].verdict.reasons.at(0), ::testing::Not(HasSubstr("5.1.1")));
    EXPECT_EQ(status(ann, message), ReadStatus::bounced);
    EXPECT_EQ(
        run(world.node->access.as<Bytes>(
                ann.account, method::kGetMessage,
                [&](Secret token) { return world.node->google.raw_message(std::move(token), "18f0000000000000"); }))
            .error()
            .kind,
        ErrorKind::denied)
        << "Google itself refuses the text";
}

TEST_F(ComesBack, ABouncesReportSaysWhyWhereItsUserLetItBeRead) {
    auto& ann = world.add_user();
    const auto message = sent(ann, "nobody@sandbox.example");
    look();
    const auto seen = events_of(ann, message);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].event.recipient, 0);
    EXPECT_THAT(seen[0].verdict.reasons.at(0), HasSubstr("the address does not exist there (5.1.1)"));
}

}  // namespace
}  // namespace inboxpro::app
