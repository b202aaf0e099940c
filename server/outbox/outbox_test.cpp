#include "accounts/features.h"
#include "outbox/outbox_world.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using Call = testing::ScriptedGoogle::Call;

struct OutboxTest : testing::OutboxWorld {
    Submitted submit() { return submit_letter(); }
};

TEST_F(OutboxTest, PutsTheMailIntoGmailAsADraftAndSendsItOnce) {
    const auto submitted = submit();
    EXPECT_EQ(submitted.send.state, SendState::scheduled);
    EXPECT_EQ(notified, 1);
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U);

    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    const auto message = run(messages.get(account, submitted.message.id)).value();
    EXPECT_EQ(message.state, Message::State::sent);
    EXPECT_EQ(message.gmail_message_id, google.mailbox(ann.subject).sent.at(0).id);
    EXPECT_EQ(message.links, 1);
}

TEST_F(OutboxTest, SendsWithTrackingOnlyWhereTheAccountWantsIt) {
    auto known = run(accounts.get(account)).value();
    known.tracking_mode = TrackingMode::off;
    ASSERT_TRUE(run(accounts.update(known)));
    const auto submitted = submit();
    EXPECT_EQ(submitted.message.not_tracked_because, "account_off");
    step();
    EXPECT_EQ(google.mailbox(ann.subject).sent_raw.at(0).find("t.example.org"), std::string::npos);
}

TEST_F(OutboxTest, RefusesASenderThatGmailWouldReplaceAndNamesTheValidOnes) {
    for (const auto* wrong : {"boss@example.com", "new@example.com"}) {
        auto submission = letter();
        submission.from = wrong;
        const auto outcome = run(outbox.submit(account, std::move(submission)));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().field, "from");
        EXPECT_NE(outcome.error().detail.find("sales@example.com"), std::string::npos);
    }
    EXPECT_EQ(google.calls(Call::create_draft), 0);
}

TEST_F(OutboxTest, SendsFromAVerifiedAlias) {
    auto submission = letter();
    submission.from = "Sales@example.com";
    ASSERT_TRUE(run(outbox.submit(account, std::move(submission))));
    step();
    EXPECT_NE(google.mailbox(ann.subject).sent_raw.at(0).find("<sales@example.com>"), std::string::npos);
}

TEST_F(OutboxTest, LooksTheSentCopyUpWhenTheAnswerIsLost) {
    submit();
    google.lose_next_answer(Call::send_draft);
    EXPECT_EQ(step().state, SendState::unknown);
    EXPECT_TRUE(run(outbox.due(10)).value().empty()) << "the quiet time is not over";
    clock.advance(kQuietTime);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
    EXPECT_EQ(google.calls(Call::send_draft), 1);
}

TEST_F(OutboxTest, TriesAgainWhenAnUnclearAttemptLeftTheDraftWhereItWas) {
    submit();
    google.fail_next(Call::send_draft, {.kind = ErrorKind::unavailable, .detail = "502"});
    EXPECT_EQ(step().state, SendState::unknown);
    clock.advance(kQuietTime);
    EXPECT_EQ(step().state, SendState::scheduled);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, TakesOverAnExpiredClaimWithoutSendingAgain) {
    submit();
    auto claimed = run(outbox.due(10)).value().at(0);
    // A node claims, writes its intent, sends, and dies before it can say so.
    google.lose_next_answer(Call::send_draft);
    claimed = run(outbox.advance(claimed)).value();
    claimed.state = SendState::sending;
    claimed.due_at = clock.now() + kLease;
    ASSERT_TRUE(run(sends.update(claimed)));
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    clock.advance(kLease);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(google.calls(Call::send_draft), 1);
}

TEST_F(OutboxTest, RefusesTheWriteOfANodeThatWasOvertaken) {
    submit();
    const auto stale = run(outbox.due(10)).value().at(0);
    EXPECT_EQ(step().state, SendState::sent);
    const auto outcome = run(outbox.advance(stale));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::conflict);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, NeverCallsAVanishedDraftSentAndNeverSendsItAgain) {
    submit();
    google.mailbox(ann.subject).drafts.clear();
    EXPECT_EQ(step().state, SendState::unknown);
    for (int minute = 0; minute < 12; ++minute) {
        clock.advance(1min);
        for (const auto& send : run(outbox.due(10)).value()) run(outbox.advance(send)).value();
    }
    const auto id = run(messages.list(account, 1, {})).value().at(0).id;
    const auto send = run(outbox.get(account, id)).value();
    EXPECT_EQ(send.state, SendState::needs_user);
    EXPECT_EQ(send.problem.value().code, "draft_gone");
    EXPECT_EQ(sent_count(), 0U);
}

TEST_F(OutboxTest, HoldsMailOfADeadGrantAndSendsItAfterReconnecting) {
    submit();
    google.withdraw(ann.subject);
    access.forget(account);
    EXPECT_EQ(step().problem.value().code, "reconnect");
    const int asked = google.calls();
    for (int quarter = 0; quarter < 3; ++quarter) {
        clock.advance(kHeldRecheck);
        EXPECT_EQ(step().state, SendState::held);
    }
    EXPECT_EQ(google.calls(), asked) << "a dead grant is not asked again and again";

    auto known = run(accounts.get(account)).value();
    known.state = Account::State::active;
    known.refresh_token = google.grant(ann, known.scopes);
    ASSERT_TRUE(run(accounts.update(known)));
    EXPECT_EQ(run(outbox.release(account)).value(), 1U);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, TakesNewMailOnBesideThousandsOfHeldOnes) {
    Send held{.account = account, .state = SendState::held, .due_at = clock.now(), .wanted_at = clock.now()};
    for (int i = 0; i < 2'000; ++i) {
        held.id = MessageId::make(clock.now(), random);
        ASSERT_TRUE(run(sends.add(held)));
    }
    clock.advance(1min);
    const auto fresh = submit().message.id;
    const auto due = run(outbox.due(64)).value();
    EXPECT_EQ(due.size(), 9U) << "one in eight for what is held";
    EXPECT_EQ(due.front().id, fresh);
}

TEST_F(OutboxTest, TakesNewMailOnBesideManyUnclearOnes) {
    Send unclear{.account = account, .state = SendState::unknown, .due_at = clock.now(), .wanted_at = clock.now()};
    for (int i = 0; i < 100; ++i) {
        unclear.id = MessageId::make(clock.now(), random);
        unclear.state = i % 2 == 0 ? SendState::unknown : SendState::sending;
        ASSERT_TRUE(run(sends.add(unclear)));
    }
    const auto fresh = submit().message.id;
    const auto due = run(outbox.due(64)).value();
    EXPECT_EQ(std::ranges::count(due, fresh, &Send::id), 1);
}

TEST_F(OutboxTest, AdoptsTheDraftWhoseAnswerWasLost) {
    google.lose_next_answer(Call::create_draft);
    submit();
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, TakesAwayADraftThatNobodyCanSend) {
    google.lose_next_answer(Call::create_draft);
    google.fail_next(Call::drafts, {.kind = ErrorKind::unavailable, .detail = "502"});
    EXPECT_EQ(run(outbox.submit(account, letter())).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U) << "it came into being all the same";
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    clock.advance(kPreparing);
    EXPECT_EQ(step().state, SendState::cancelled);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    clock.advance(24h);
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    EXPECT_EQ(sent_count(), 0U);
}

TEST_F(OutboxTest, LeavesOtherDraftsWhereTheyAre) {
    submit();
    google.fail_next(Call::create_draft, {.kind = ErrorKind::unavailable, .detail = "502"});
    ASSERT_FALSE(run(outbox.submit(account, letter())));
    for (int minute = 0; minute < 30; minute += 2) {
        clock.advance(2min);
        for (auto& send : run(outbox.due(10)).value())
            if (send.state == SendState::preparing) run(outbox.advance(std::move(send))).value();
    }
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U);
    EXPECT_EQ(run(outbox.due(10)).value().size(), 1U) << "only the first mail is left";
}

TEST_F(OutboxTest, CancelsWhatIsCertainlyNotOut) {
    const auto id = submit().message.id;
    const auto cancelled = run(outbox.cancel(account, id)).value();
    EXPECT_EQ(cancelled.send.state, SendState::cancelled);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    EXPECT_TRUE(run(outbox.due(10)).value().empty());
    EXPECT_EQ(run(outbox.cancel(account, id)).error().kind, ErrorKind::conflict);
}

TEST_F(OutboxTest, RefusesAMailToNobodyBeforeAskingGmail) {
    auto submission = letter();
    submission.mail.to.clear();
    const auto outcome = run(outbox.submit(account, std::move(submission)));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().field, "to");
    EXPECT_EQ(google.calls(Call::create_draft), 0);
}

TEST_F(OutboxTest, KeepsAccountsApart) {
    const auto id = submit().message.id;
    const auto stranger = AccountId::make(clock.now(), random);
    EXPECT_EQ(run(outbox.get(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(outbox.cancel(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(outbox.send_now(stranger, id)).error().kind, ErrorKind::not_found);
}

TEST_F(OutboxTest, MarksEachMailSoThatItsCopyIsKnownAgain) {
    const auto submitted = submit();
    EXPECT_EQ(submitted.send.marker.size(), 32U);
    const auto raw = google.mailbox(ann.subject).drafts.begin()->second.raw;
    EXPECT_NE(raw.find("X-InboxPro-Id: " + submitted.send.marker + "\r\n"), std::string::npos);
}

TEST_F(OutboxTest, KeepsALedgerOfWhatWasMeantAndWhatCameOfIt) {
    const auto lost = submit().message.id;
    google.lose_next_answer(Call::send_draft);
    step();
    clock.advance(kQuietTime);
    step();
    std::string words;
    for (const auto& entry : run(outbox.history(account, lost)).value())
        words += std::string(name_of(entry.word)) + " ";
    EXPECT_EQ(words, "intent unclear found ");
    const auto taken_back = submit().message.id;
    ASSERT_TRUE(run(outbox.cancel(account, taken_back)));
    EXPECT_EQ(run(ledger.verify(account)).value(), 4U);
}

TEST_F(OutboxTest, AsksNothingUnderAClaimThatStoodStillForTooLong) {
    submit();
    struct Stalling final : Zones, Clock {  // The machine sleeps between the intent and the call.
        explicit Stalling(testing::FakeClock& real) : clock(real) {}
        Result<TimePoint> instant_of(const WallTime&) const override { return clock.now(); }
        Result<WallTime> shown_at(TimePoint, const std::string&) const override { return WallTime{}; }
        Result<TimePoint> next_change(TimePoint, const std::string&) const override { return TimePoint::max(); }
        TimePoint now() const override { return clock.now(); }
        SteadyPoint steady() const override {
            clock.advance(31s);
            return clock.steady();
        }
        testing::FakeClock& clock;
    } const stalling{clock};
    Outbox sleepy = outbox_with(access, zones, stalling);
    const auto due = run(outbox.due(10)).value().at(0);
    EXPECT_EQ(run(sleepy.advance(due)).value().state, SendState::unknown);
    EXPECT_EQ(google.calls(Call::send_draft), 0);
}

/// Which method a call of the door is.
const std::vector<std::pair<Call, const GoogleMethod*>> kMethodOf{
    {Call::profile, &method::kGetProfile},          {Call::send_as_addresses, &method::kListSendAs},
    {Call::create_draft, &method::kCreateDraft},    {Call::get_draft, &method::kGetDraft},
    {Call::delete_draft, &method::kDeleteDraft},    {Call::send_draft, &method::kSendDraft},
    {Call::message_metadata, &method::kGetMessage}, {Call::history, &method::kListHistory}};

TEST_F(OutboxTest, NeedsEveryScopeOfSendingAndNoOther) {
    submit();
    google.lose_next_answer(Call::send_draft);
    EXPECT_EQ(step().state, SendState::unknown);
    clock.advance(10min);
    EXPECT_EQ(step().state, SendState::sent);
    const auto taken_back = submit();
    ASSERT_TRUE(run(outbox.cancel(account, taken_back.message.id)));

    std::set<std::string> asked;
    for (const auto& permission : find_feature("sending")->permissions) asked.emplace(permission.scope);
    int google_calls = google.calls(Call::refresh);
    for (const auto& [call, called] : kMethodOf) {
        EXPECT_GT(google.calls(call), 0) << called->id;
        EXPECT_TRUE(is_open(*called, asked)) << called->id;
        google_calls += google.calls(call);
    }
    EXPECT_EQ(google.calls(), google_calls) << "sending calls something that is not in the table";
    for (const auto& scope : asked) {
        auto without = asked;
        without.erase(scope);
        EXPECT_TRUE(std::ranges::any_of(kMethodOf, [&](const auto& one) { return !is_open(*one.second, without); }))
            << scope << " is asked for and not used";
    }
}

}  // namespace
}  // namespace inboxpro
