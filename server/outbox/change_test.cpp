#include "outbox/outbox_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

/// A mail that waits, and another that takes its place.
struct ChangedMail : testing::OutboxWorld {
    Submission other() {
        auto submission = letter("carol@example.org");
        submission.mail.cc = {{.address = "dan@example.org"}};
        submission.mail.html =
            "<p><a href=\"https://example.org/a\">one</a> <a href=\"https://example.org/b\">two</a></p>";
        return submission;
    }
    Submitted later() { return submit_letter({.at = clock.now() + 1h}); }
    Result<Submitted> change(MessageId id) { return run(outbox.change(account, id, other())); }
};

TEST_F(ChangedMail, GoesOutOnceAsItIsNowAndIsTrackedAnew) {
    const auto before = later();
    const auto draft = drafts().begin()->first;
    const auto after = change(before.message.id);
    ASSERT_TRUE(after) << after.error().detail;
    EXPECT_EQ(after->send.state, SendState::scheduled);
    EXPECT_EQ(after->send.due_at, before.send.due_at);
    EXPECT_EQ(after->message.links, 2);
    const auto stored = run(messages.get(account, before.message.id)).value();
    ASSERT_EQ(stored.recipients.size(), 2U);
    EXPECT_EQ(stored.recipients[0].address, "carol@example.org");
    ASSERT_EQ(drafts().size(), 1U);
    EXPECT_EQ(drafts().begin()->first, draft);
    EXPECT_TRUE(drafts().at(draft).raw.contains(before.send.marker));
    EXPECT_FALSE(drafts().at(draft).raw.contains("bob@example.org"));
    clock.advance(1h);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(ChangedMail, IsAsItWasWhenGmailRefusesTheChange) {
    const auto before = later();
    google.fail_next(Call::update_draft, {.kind = ErrorKind::invalid, .detail = "invalidArgument"});
    EXPECT_EQ(change(before.message.id).error().kind, ErrorKind::invalid);
    const auto send = run(sends.get(account, before.message.id)).value();
    EXPECT_FALSE(send.changing);
    EXPECT_EQ(send.due_at, before.send.due_at);
    EXPECT_EQ(run(messages.get(account, send.id))->recipients[0].address, "bob@example.org");
}

TEST_F(ChangedMail, WaitsForItsWriterWhenGmailGivesNoClearAnswer) {
    const auto before = later();
    google.fail_next(Call::update_draft, {.kind = ErrorKind::unavailable, .detail = "timeout"});
    EXPECT_EQ(change(before.message.id).error().kind, ErrorKind::unavailable);
    auto send = run(sends.get(account, before.message.id)).value();
    EXPECT_EQ(send.state, SendState::needs_user);
    EXPECT_EQ(send.problem->code, "change_unclear");
    ASSERT_TRUE(change(send.id)) << "it can be changed again";
    send = run(sends.get(account, send.id)).value();
    EXPECT_EQ(send.state, SendState::scheduled);
    EXPECT_FALSE(send.problem);
}

TEST_F(ChangedMail, IsNotSentWhileAChangeIsUnderWayAndAsksWhenItsProcessEnded) {
    auto send = later().send;
    send.changing = true;  // As a process leaves it that ends in the middle.
    send.due_at = clock.now() + 2h;
    send = run(sends.update(send)).value();
    EXPECT_EQ(run(outbox.send_now(account, send.id)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(change(send.id).error().kind, ErrorKind::conflict);
    clock.advance(1h + 1min);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    clock.advance(1h);
    EXPECT_EQ(step().problem->code, "change_unclear");
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_EQ(run(outbox.send_now(account, send.id))->send.state, SendState::scheduled);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(ChangedMail, OvertakesAClaimOrIsRefused) {
    const auto before = later();
    clock.advance(1h);
    auto found = run(outbox.due(10)).value().at(0);
    ASSERT_TRUE(change(before.message.id));
    EXPECT_EQ(run(outbox.advance(found)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_EQ(step().state, SendState::sent);
    const auto refused = change(before.message.id);
    EXPECT_EQ(refused.error().detail, "this mail is no longer waiting, so it cannot be changed");
}

}  // namespace
}  // namespace inboxpro
