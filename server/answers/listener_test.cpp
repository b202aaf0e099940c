#include "answers/listener.h"

#include <gmock/gmock.h>

#include "accounts/features.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"
#include "tracking/classify/classify.h"
#include "tracking/mentions.h"
#include "tracking/recount.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;
using Kind = MailboxChange::Kind;
using ::testing::HasSubstr;

const testing::Person kAnn{};

/// Ann's mail to some people, and what comes back to it.
struct Answers : ::testing::Test {
    Answers() {
        run(keys.create(AccountId{})).value();
        Account fresh{.email = kAnn.email, .name = kAnn.name, .google_subject = kAnn.subject};
        grant(fresh, {scope::kGmailCompose, scope::kGmailMetadata});
        ann = run(accounts.create(fresh)).value();
    }
    void grant(Account& account, std::initializer_list<std::string_view> scopes) {
        account.scopes = {scopes.begin(), scopes.end()};
        account.refresh_token = google.grant(kAnn, account.scopes);
    }
    MessageId sent_to(std::vector<std::string> addresses, std::string thread = "t1") {
        Message message;
        message.id = MessageId::make(clock.now(), random);
        message.account = ann.id;
        message.created_at = clock.now();
        for (auto& address : addresses) message.recipients.push_back({.address = std::move(address)});
        EXPECT_TRUE(run(messages.add(message)));
        EXPECT_TRUE(run(messages.mark_sent(ann.id, message.id, "g" + thread, thread, clock.now())));
        clock.advance(1min);
        return message.id;
    }
    /// A mail comes in and the listener is told of it.
    std::string comes(HeaderList headers, std::string thread = "t1", Bytes raw = {}) {
        const auto id = google.receive(kAnn.subject, std::move(headers), thread);
        if (!raw.empty()) google.mailbox(kAnn.subject).received_raw[id] = std::move(raw);
        EXPECT_TRUE(tell({.message_id = id, .thread_id = thread, .labels = {"INBOX"}}));
        return id;
    }
    Result<void> tell(MailboxChange change) { return run(listener.changed(ann.id, {std::move(change)})); }
    RecipientTally total(MessageId message) { return run(tallies.get(ann.id, message))->total(); }
    std::vector<JudgedEvent> events_of(MessageId message) {
        return run(events.of_message(ann.id, message, 100, {})).value();
    }

    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile key_file = KeyFile::in_memory(random);
    std::unique_ptr<Store> store =
        make_memory_store({&kAccountKeys, &kAccounts, &kMessages, &kEvents, &kTallies, &kMentions});
    KeyRing keys{*store, key_file.keys(KeyPurpose::master), random};
    Documents documents{*store, keys, random};
    BlindIndex index{key_file.keys(KeyPurpose::index)};
    Accounts accounts{documents, keys, index, clock, random};
    testing::ScriptedGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Messages messages{documents};
    Events events{documents};
    Tallies tallies{documents};
    std::vector<JudgedEvent> told;
    Hindsight hindsight{documents, clock};
    AnswersListener listener{access,    documents, messages,
                             hindsight, index,     [this](const JudgedEvent& one) { told.push_back(one); }};
    Account ann;
};

HeaderList reply_from(std::string from) {
    return {{"From", std::move(from)}, {"Subject", "Re: Offer"}, {"In-Reply-To", "<CA1@mail.gmail.com>"}};
}

TEST_F(Answers, AReplyIsItsRecipientsAndStoredOnce) {
    const auto message = sent_to({"ben@example.org", "cy@example.org"});
    const auto id = comes(reply_from("Cy <CY@example.org>"));
    ASSERT_TRUE(tell({.message_id = id, .thread_id = "t1", .labels = {"INBOX"}}));
    const auto stored = events_of(message);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].event.kind, EventKind::reply);
    EXPECT_EQ(stored[0].event.recipient, 1);
    EXPECT_TRUE(stored[0].verdict.counted());
    EXPECT_EQ(total(message).replies, 1);
    EXPECT_EQ(run(tallies.get(ann.id, message))->status(), ReadStatus::replied);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(google.calls(Call::raw_message), 0) << "no text is asked for";
}

TEST_F(Answers, AReplyMakesSurerThatItsWriterOpenedTheMail) {
    const auto message = sent_to({"ben@example.org"});
    Event open{.id = EventId::make(clock.now(), random),
               .kind = EventKind::open,
               .account = ann.id,
               .message = message,
               .recipient = 0,
               .link = {},
               .at = clock.now()};
    open.method = "GET";
    open.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const auto verdict = classify({.kind = open.kind, .user_agent = open.user_agent});
    run(documents.insert(kEvents, document_of(JudgedEvent{open, verdict}, outside_the_intake()))).value();
    clock.advance(5min);
    auto note = reply_from("ben@example.org");
    note.emplace_back("Auto-Submitted", "auto-replied");
    comes(note);
    EXPECT_DOUBLE_EQ(events_of(message)[0].verdict.confidence, .75) << "a program answered";
    comes(reply_from("ben@example.org"));
    EXPECT_DOUBLE_EQ(events_of(message)[0].verdict.confidence, .875);
    EXPECT_EQ(events_of(message)[0].verdict.reasons.back(), "They answered the mail later.");
    EXPECT_EQ(total(message).opens_by_people, 1);
    EXPECT_EQ(total(message).replies, 1);
}

TEST_F(Answers, NeitherOwnMailNorAThirdPersonsIsAReply) {
    const auto message = sent_to({"ben@example.org"});
    comes(reply_from("Dee <dee@example.org>"));
    comes(reply_from("Ann <ann@example.com>"));
    google.happen(kAnn.subject, {});
    ASSERT_TRUE(tell({.message_id = "18e1", .thread_id = "t1", .labels = {"SENT"}}));
    ASSERT_TRUE(tell({.message_id = "18e2", .thread_id = "t1", .labels = {"DRAFT"}}));
    ASSERT_TRUE(tell({.kind = Kind::deleted, .message_id = "18e3", .thread_id = "t1"}));
    EXPECT_TRUE(events_of(message).empty());
    EXPECT_EQ(google.calls(Call::message_metadata), 2);
}

TEST_F(Answers, AProgramsAnswerIsShownAndCountsForNothing) {
    const auto message = sent_to({"ben@example.org"});
    auto headers = reply_from("ben@example.org");
    headers.emplace_back("Auto-Submitted", "auto-replied");
    comes(headers);
    const auto stored = events_of(message);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_FALSE(stored[0].verdict.counted());
    EXPECT_EQ(stored[0].verdict.rule, "auto-reply");
    EXPECT_EQ(total(message).replies, 0);
    EXPECT_EQ(run(tallies.get(ann.id, message))->status(), ReadStatus::none);
}

TEST_F(Answers, ABounceIsTiedToWhomTheHeaderNames) {
    const auto message = sent_to({"ben@example.org", "cy@example.org"});
    comes({{"From", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"},
           {"Subject", "Delivery Status Notification (Failure)"},
           {"X-Failed-Recipients", "cy@example.org"}});
    const auto stored = events_of(message);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].event.kind, EventKind::bounce);
    EXPECT_EQ(stored[0].event.recipient, 1);
    EXPECT_EQ(total(message).bounces, 1);
    EXPECT_EQ(run(tallies.get(ann.id, message))->status(), ReadStatus::bounced);
}

TEST_F(Answers, ADelayIsNoBounce) {
    const auto message = sent_to({"ben@example.org"});
    comes({{"From", "MAILER-DAEMON@mx.example.org"},
           {"Content-Type", "multipart/report; report-type=delivery-status"},
           {"Subject", "Delayed Mail (still being retried)"}});
    EXPECT_TRUE(events_of(message).empty());
}

const HeaderList kReportHeader{{"From", "MAILER-DAEMON@mx.example.org"},
                               {"Content-Type", "multipart/report; report-type=delivery-status; boundary=b"},
                               {"Subject", "Undelivered Mail Returned to Sender"}};
constexpr std::string_view kReport =
    "From: MAILER-DAEMON@mx.example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
    "Final-Recipient: rfc822; ben@example.org\r\nAction: delayed\r\nStatus: 4.2.2\r\n\r\n"
    "Final-Recipient: rfc822; cy@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Secret plan\r\n\r\nText\r\n--b--\r\n";

TEST_F(Answers, WithoutTheChoiceAReportIsOneOfThemAndItsTextIsNotAskedFor) {
    const auto message = sent_to({"ben@example.org", "cy@example.org"});
    comes(kReportHeader, "t1", Bytes(kReport));
    const auto stored = events_of(message);
    ASSERT_EQ(stored.size(), 1U);
    EXPECT_EQ(stored[0].event.recipient, std::nullopt);
    EXPECT_EQ(google.calls(Call::raw_message), 0);
}

TEST_F(Answers, WithTheChoiceTheReportSaysWhoAndWhyAndNothingOfItIsKept) {
    grant(ann, {scope::kGmailModify});
    ann = run(accounts.update(ann)).value();
    const auto message = sent_to({"ben@example.org", "cy@example.org"});
    comes(kReportHeader, "t1", Bytes(kReport));
    EXPECT_EQ(google.calls(Call::raw_message), 1);
    const auto stored = events_of(message);
    ASSERT_EQ(stored.size(), 1U) << "Ben's mail system still tries";
    EXPECT_EQ(stored[0].event.recipient, 1);
    EXPECT_THAT(stored[0].verdict.reasons.at(0), HasSubstr("the address does not exist there (5.1.1)"));
    const auto document = run(documents.get(kEvents, stored[0].event.id.raw)).value();
    EXPECT_THAT(boost::json::serialize(document.body), ::testing::Not(HasSubstr("Secret")));
    comes(reply_from("ben@example.org"));
    EXPECT_EQ(google.calls(Call::raw_message), 1) << "a person's answer is never read";
}

// Written for these tests, as mail systems title what they have not given up yet.
TEST_F(Answers, WhateverIsStillTriedIsNoBounce) {
    const auto message = sent_to({"ben@example.org"});
    const auto warned = [&](const char* from, const char* type, const char* subject) {
        comes({{"From", from}, {"Return-Path", "<>"}, {"Content-Type", type}, {"Subject", subject}});
        EXPECT_TRUE(events_of(message).empty()) << subject;
    };
    constexpr auto* kReportType = "multipart/report; report-type=delivery-status; boundary=b";
    constexpr auto* kSystem = "Mail Delivery System <MAILER-DAEMON@mx.example.org>";
    warned("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", kReportType,
           "Delivery Status Notification (Delay)");
    warned(kSystem, kReportType, "Delayed Mail (still being retried)");
    warned(kSystem, kReportType, "Warning: could not send message for past 4 hours");
    warned(kSystem, "text/plain", "Warning: message 1tAbCd-0001 delayed 24 hours");
    warned("postmaster@example.org", kReportType, "Delivery delayed: Offer");
    warned(kSystem, "text/plain", "Mail not delivered yet: we will keep trying");
    warned(kSystem, kReportType, "Verzögerte Zustellung: Angebot");
    EXPECT_EQ(run(tallies.get(ann.id, message))->status(), ReadStatus::none);
    comes({{"From", kSystem}, {"Content-Type", kReportType}, {"Subject", "Undelivered Mail Returned to Sender"}});
    EXPECT_EQ(total(message).bounces, 1) << "in the end it was given up";
}

TEST_F(Answers, AReportThatNamesNoFailureIsNoBounceWhateverItsTitle) {
    grant(ann, {scope::kGmailModify});
    ann = run(accounts.update(ann)).value();
    const auto message = sent_to({"ben@example.org", "cy@example.org"});
    comes({{"From", "MAILER-DAEMON@mx.example.org"},
           {"Content-Type", "multipart/report; report-type=delivery-status; boundary=b"},
           {"Subject", "Mail delivery problem"}},
          "t1",
          "From: MAILER-DAEMON@mx.example.org\r\nSubject: Mail delivery problem\r\n"
          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
          "--b\r\nContent-Type: text/plain\r\n\r\nYour mail waits here. The server will keep trying.\r\n"
          "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
          "Final-Recipient: rfc822; ben@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
          "Will-Retry-Until: Mon, 30 Nov 2026 09:00:00 +0000\r\n\r\n--b--\r\n");
    EXPECT_EQ(google.calls(Call::raw_message), 1);
    EXPECT_TRUE(events_of(message).empty());
}

TEST_F(Answers, AnswerWhatWasSentBeforeThemInTheirConversation) {
    const auto first = sent_to({"ben@example.org"});
    comes(reply_from("ben@example.org"));
    const auto second = sent_to({"ben@example.org"});
    const auto elsewhere = sent_to({"ben@example.org"}, "t2");
    comes(reply_from("ben@example.org"));
    EXPECT_EQ(total(first).replies, 1);
    EXPECT_EQ(total(second).replies, 1);
    EXPECT_EQ(total(elsewhere).replies, 0);
}

TEST_F(Answers, CostNothingInConversationsThatHoldNoMailOfOurs) {
    sent_to({"ben@example.org"});
    comes(reply_from("ben@example.org"), "t9");
    EXPECT_EQ(google.calls(), 0);
}

TEST_F(Answers, AreAskedForAgainWhenGoogleDoesNotAnswer) {
    const auto message = sent_to({"ben@example.org"});
    const auto id = google.receive(kAnn.subject, reply_from("ben@example.org"), "t1");
    google.fail_next(Call::message_metadata, {.kind = ErrorKind::unavailable, .detail = "no answer"});
    const MailboxChange change{.message_id = id, .thread_id = "t1", .labels = {"INBOX"}};
    EXPECT_FALSE(tell(change)) << "so that it is told again";
    EXPECT_TRUE(tell(change));
    EXPECT_EQ(total(message).replies, 1);
    EXPECT_TRUE(tell({.message_id = "gone", .thread_id = "t1", .labels = {"INBOX"}})) << "it is gone for good";
}

}  // namespace
}  // namespace inboxpro
