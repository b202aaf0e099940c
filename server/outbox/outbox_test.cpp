#include "outbox/outbox.h"

#include <gtest/gtest.h>

#include "accounts/features.h"
#include "store/memory/memory_store.h"
#include "testing/fake_sleeper.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "testing/scripted_google.h"
#include "tracking/events.h"
#include "tracking/tally.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::ScriptedGoogle;
using Call = ScriptedGoogle::Call;

/// An account at a scripted Google and an outbox on a memory store.
struct OutboxTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store =
        make_memory_store({&kAccountKeys, &kAccounts, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections,
                           &kRecipientRules, &kSends, &kSendDays, &kSendLedger});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Accounts accounts{documents, ring, index, clock, random};
    ScriptedGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    SystemZones zones;
    int notified = 0;
    Outbox outbox{{.tracking_origin = "https://t.example.org", .work_is_due = [this] { ++notified; }},
                  access,
                  accounts,
                  consents,
                  messages,
                  sends,
                  ledger,
                  zones,
                  sealer,
                  clock,
                  random};
    testing::Person ann{};
    AccountId account;

    void SetUp() override {
        Account fresh{.email = ann.email, .name = ann.name, .google_subject = ann.subject};
        fresh.tracking_mode = TrackingMode::on;
        fresh.scopes = {std::string(scope::kGmailCompose), std::string(scope::kGmailMetadata),
                        std::string(scope::kGmailSettings)};
        fresh.refresh_token = google.grant(ann, fresh.scopes);
        account = testing::run(accounts.create(fresh)).value().id;
        google.mailbox(ann.subject).send_as = {
            {.address = ann.email, .display_name = ann.name, .is_primary = true, .is_default = true},
            {.address = "sales@example.com", .display_name = "Sales"},
            {.address = "new@example.com", .is_verified = false}};
    }

    Submission letter(std::string to = "bob@example.org") {
        Submission submission;
        submission.mail.to = {{.address = std::move(to)}};
        submission.mail.subject = "Offer";
        submission.mail.html = "<p>See <a href=\"https://example.org/offer\">our offer</a></p>";
        return submission;
    }
    Submitted submit() { return testing::run(outbox.submit(account, letter())).value(); }
    Send step() {
        const auto due = testing::run(outbox.due(10)).value();
        EXPECT_EQ(due.size(), 1U);
        return testing::run(outbox.advance(due.at(0))).value();
    }
    std::size_t sent_count() { return google.mailbox(ann.subject).sent.size(); }
};

TEST_F(OutboxTest, PutsTheMailIntoGmailAsADraftAndSendsItOnce) {
    const auto submitted = submit();
    EXPECT_EQ(submitted.send.state, SendState::scheduled);
    EXPECT_EQ(notified, 1);
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U);

    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    const auto message = testing::run(messages.get(account, submitted.message.id)).value();
    EXPECT_EQ(message.state, Message::State::sent);
    EXPECT_EQ(message.gmail_message_id, google.mailbox(ann.subject).sent.at(0).id);
    EXPECT_EQ(message.links, 1);
}

TEST_F(OutboxTest, SendsWithTrackingOnlyWhereTheAccountWantsIt) {
    auto known = testing::run(accounts.get(account)).value();
    known.tracking_mode = TrackingMode::off;
    ASSERT_TRUE(testing::run(accounts.update(known)));
    const auto submitted = submit();
    EXPECT_EQ(submitted.message.not_tracked_because, "account_off");
    step();
    EXPECT_EQ(google.mailbox(ann.subject).sent_raw.at(0).find("t.example.org"), std::string::npos);
}

TEST_F(OutboxTest, RefusesASenderThatGmailWouldReplaceAndNamesTheValidOnes) {
    for (const auto* wrong : {"boss@example.com", "new@example.com"}) {
        auto submission = letter();
        submission.from = wrong;
        const auto outcome = testing::run(outbox.submit(account, std::move(submission)));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().field, "from");
        EXPECT_NE(outcome.error().detail.find("sales@example.com"), std::string::npos);
    }
    EXPECT_EQ(google.calls(Call::create_draft), 0);
}

TEST_F(OutboxTest, SendsFromAVerifiedAlias) {
    auto submission = letter();
    submission.from = "Sales@example.com";
    ASSERT_TRUE(testing::run(outbox.submit(account, std::move(submission))));
    step();
    EXPECT_NE(google.mailbox(ann.subject).sent_raw.at(0).find("<sales@example.com>"), std::string::npos);
}

TEST_F(OutboxTest, LooksTheSentCopyUpWhenTheAnswerIsLost) {
    submit();
    google.lose_next_answer(Call::send_draft);
    EXPECT_EQ(step().state, SendState::unknown);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty()) << "the quiet time is not over";
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
    auto claimed = testing::run(outbox.due(10)).value().at(0);
    // A node claims, writes its intent, sends, and dies before it can say so.
    google.lose_next_answer(Call::send_draft);
    claimed = testing::run(outbox.advance(claimed)).value();
    claimed.state = SendState::sending;
    claimed.due_at = clock.now() + kLease;
    ASSERT_TRUE(testing::run(sends.update(claimed)));
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    clock.advance(kLease);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(google.calls(Call::send_draft), 1);
}

TEST_F(OutboxTest, RefusesTheWriteOfANodeThatWasOvertaken) {
    submit();
    const auto stale = testing::run(outbox.due(10)).value().at(0);
    EXPECT_EQ(step().state, SendState::sent);
    const auto outcome = testing::run(outbox.advance(stale));
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
        for (const auto& send : testing::run(outbox.due(10)).value()) testing::run(outbox.advance(send)).value();
    }
    const auto id = testing::run(messages.list(account, 1, {})).value().at(0).id;
    const auto send = testing::run(outbox.get(account, id)).value();
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

    auto known = testing::run(accounts.get(account)).value();
    known.state = Account::State::active;
    known.refresh_token = google.grant(ann, known.scopes);
    ASSERT_TRUE(testing::run(accounts.update(known)));
    EXPECT_EQ(testing::run(outbox.release(account)).value(), 1U);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, AsksBeforeAMailGoesOutMoreThanAnHourLate) {
    const auto id = submit().message.id;
    clock.advance(kLateAfter);
    EXPECT_EQ(step().problem.value().code, "late");
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    ASSERT_TRUE(testing::run(outbox.send_now(account, id)));
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTest, TakesNewMailOnBesideThousandsOfHeldOnes) {
    Send held{.account = account, .state = SendState::held, .due_at = clock.now(), .wanted_at = clock.now()};
    for (int i = 0; i < 2'000; ++i) {
        held.id = MessageId::make(clock.now(), random);
        ASSERT_TRUE(testing::run(sends.add(held)));
    }
    clock.advance(1min);
    const auto fresh = submit().message.id;
    const auto due = testing::run(outbox.due(64)).value();
    EXPECT_EQ(due.size(), 9U) << "one in eight for what is held";
    EXPECT_EQ(due.front().id, fresh);
}

TEST_F(OutboxTest, TakesNewMailOnBesideManyUnclearOnes) {
    Send unclear{.account = account, .state = SendState::unknown, .due_at = clock.now(), .wanted_at = clock.now()};
    for (int i = 0; i < 100; ++i) {
        unclear.id = MessageId::make(clock.now(), random);
        unclear.state = i % 2 == 0 ? SendState::unknown : SendState::sending;
        ASSERT_TRUE(testing::run(sends.add(unclear)));
    }
    const auto fresh = submit().message.id;
    const auto due = testing::run(outbox.due(64)).value();
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
    EXPECT_EQ(testing::run(outbox.submit(account, letter())).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U) << "it came into being all the same";
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    clock.advance(kPreparing);
    EXPECT_EQ(step().state, SendState::cancelled);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    clock.advance(24h);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    EXPECT_EQ(sent_count(), 0U);
}

TEST_F(OutboxTest, LeavesOtherDraftsWhereTheyAre) {
    submit();
    google.fail_next(Call::create_draft, {.kind = ErrorKind::unavailable, .detail = "502"});
    ASSERT_FALSE(testing::run(outbox.submit(account, letter())));
    for (int minute = 0; minute < 30; minute += 2) {
        clock.advance(2min);
        for (auto& send : testing::run(outbox.due(10)).value())
            if (send.state == SendState::preparing) testing::run(outbox.advance(std::move(send))).value();
    }
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U);
    EXPECT_EQ(testing::run(outbox.due(10)).value().size(), 1U) << "only the first mail is left";
}

TEST_F(OutboxTest, AsksNoMoreWhileTheAccountWasToldToWait) {
    for (int i = 0; i < 5; ++i) submit();
    google.fail_next(Call::profile, {.kind = ErrorKind::rate_limited, .detail = "limit", .retry_after = 300s});
    for (const auto& send : testing::run(outbox.due(10)).value()) testing::run(outbox.advance(send)).value();
    EXPECT_EQ(google.calls(Call::profile), 1);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    clock.advance(300s);
    for (const auto& send : testing::run(outbox.due(10)).value()) testing::run(outbox.advance(send)).value();
    EXPECT_EQ(sent_count(), 5U);
}

TEST_F(OutboxTest, WaitsAsLongAsGmailAsks) {
    submit();
    google.fail_next(Call::send_draft, {.kind = ErrorKind::rate_limited, .detail = "limit", .retry_after = 600s});
    const auto waiting = step();
    EXPECT_EQ(waiting.state, SendState::scheduled);
    EXPECT_EQ(waiting.due_at, clock.now() + 600s);
}

TEST_F(OutboxTest, CancelsWhatIsCertainlyNotOut) {
    const auto id = submit().message.id;
    const auto cancelled = testing::run(outbox.cancel(account, id)).value();
    EXPECT_EQ(cancelled.send.state, SendState::cancelled);
    EXPECT_TRUE(google.mailbox(ann.subject).drafts.empty());
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    EXPECT_EQ(testing::run(outbox.cancel(account, id)).error().kind, ErrorKind::conflict);
}

TEST_F(OutboxTest, RefusesAMailToNobodyBeforeAskingGmail) {
    auto submission = letter();
    submission.mail.to.clear();
    const auto outcome = testing::run(outbox.submit(account, std::move(submission)));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().field, "to");
    EXPECT_EQ(google.calls(Call::create_draft), 0);
}

TEST_F(OutboxTest, KeepsAccountsApart) {
    const auto id = submit().message.id;
    const auto stranger = AccountId::make(clock.now(), random);
    EXPECT_EQ(testing::run(outbox.get(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(testing::run(outbox.cancel(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(testing::run(outbox.send_now(stranger, id)).error().kind, ErrorKind::not_found);
}

TEST_F(OutboxTest, MarksEachMailSoThatItsCopyIsKnownAgain) {
    const auto submitted = submit();
    EXPECT_EQ(submitted.send.marker.size(), 32U);
    const auto raw = google.mailbox(ann.subject).drafts.begin()->second.raw;
    EXPECT_NE(raw.find("X-InboxPro-Id: " + submitted.send.marker + "\r\n"), std::string::npos);
}

TEST_F(OutboxTest, WaitsOutTheTimeToUndoAndCanBeTakenBackInIt) {
    auto submission = letter();
    submission.timing.undo = 10s;
    const auto first = testing::run(outbox.submit(account, submission)).value();
    EXPECT_EQ(first.send.state, SendState::undo);
    EXPECT_EQ(testing::run(outbox.next_due()).value(), clock.now() + 10s);
    clock.advance(9'999ms);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    ASSERT_TRUE(testing::run(outbox.cancel(account, first.message.id)));
    clock.advance(1h);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    testing::run(outbox.submit(account, submission)).value();
    clock.advance(10s);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(sent_count(), 1U);
}

TEST_F(OutboxTest, SendsLaterWhenTheClockOnTheWallShowsIt) {
    auto submission = letter();
    submission.timing.wall = WallTime{.reading = reading_from("2026-11-24T09:00").value(), .zone = "Europe/Berlin"};
    const auto submitted = testing::run(outbox.submit(account, std::move(submission))).value();
    EXPECT_EQ(to_rfc3339(submitted.send.wanted_at), "2026-11-24T08:00:00.000Z");
    EXPECT_EQ(google.mailbox(ann.subject).drafts.size(), 1U) << "it waits as a draft";
    clock.advance(23h - 1ms);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    clock.advance(1ms);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTest, RefusesATimeBeforeAskingGmail) {
    auto submission = letter();
    submission.timing.at = clock.now() - 1h;
    EXPECT_EQ(testing::run(outbox.submit(account, std::move(submission))).error().field, "send_at");
    EXPECT_EQ(google.calls(), 0);
}

TEST_F(OutboxTest, GivesWaitingMailAnotherTime) {
    const auto id = submit().message.id;
    const auto later = testing::run(outbox.reschedule(account, id, {.at = clock.now() + 5h})).value();
    EXPECT_EQ(later.send.state, SendState::scheduled);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    EXPECT_EQ(testing::run(outbox.reschedule(account, id, {.at = clock.now() - 5h})).error().field, "send_at");
    clock.advance(5h);
    EXPECT_EQ(step().state, SendState::sent);
    EXPECT_EQ(testing::run(outbox.reschedule(account, id, {.at = clock.now() + 5h})).error().kind, ErrorKind::conflict);
}

TEST_F(OutboxTest, TakesALateMailBackIntoItsTimeWhenItIsGivenAnother) {
    const auto id = submit().message.id;
    clock.advance(kLateAfter);
    EXPECT_EQ(step().state, SendState::needs_user);
    const auto again = testing::run(outbox.reschedule(account, id, {.at = clock.now() + 1h})).value();
    EXPECT_FALSE(again.send.problem);
    clock.advance(1h);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(OutboxTest, AsksAsEarlyAsTheAccountWants) {
    auto known = testing::run(accounts.get(account)).value();
    known.late_after = 5min;
    ASSERT_TRUE(testing::run(accounts.update(known)));
    submit();
    clock.advance(5min);
    EXPECT_EQ(step().problem.value().code, "late");
}

TEST_F(OutboxTest, ListsWhatIsOnItsWayTheFirstToGoOutFirst) {
    std::vector<MessageId> ids;
    for (const auto wait : {3h, 1h, 2h}) {
        auto submission = letter();
        submission.timing.at = clock.now() + wait;
        ids.push_back(testing::run(outbox.submit(account, std::move(submission))).value().message.id);
    }
    const auto first = testing::run(outbox.waiting(account, 2, {})).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].id, ids[1]);
    EXPECT_EQ(first[1].id, ids[2]);
    const auto rest = testing::run(outbox.waiting(account, 2, first[1].id)).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].id, ids[0]);
    ASSERT_TRUE(testing::run(outbox.cancel(account, ids[1])));
    clock.advance(2h);
    step();
    EXPECT_EQ(testing::run(outbox.waiting(account, 10, {})).value().size(), 1U);
    EXPECT_TRUE(testing::run(outbox.waiting(AccountId::make(clock.now(), random), 10, {})).value().empty());
}

TEST_F(OutboxTest, FollowsTheRulesOfAZoneAndTellsThatItDid) {
    struct Abolished final : Zones {  // Berlin keeps summer time all year from now on.
        SystemZones system;
        Result<TimePoint> instant_of(const WallTime& time) const override {
            return TRY(system.instant_of(time)) - (time.zone == "Europe/Berlin" ? 1h : 0h);
        }
        Result<WallTime> shown_at(TimePoint time, const std::string& zone) const override {
            return system.shown_at(time + 1h, zone);
        }
        Result<TimePoint> next_change(TimePoint, const std::string&) const override { return TimePoint::max(); }
    } const abolished;
    for (const auto* zone : {"Europe/Berlin", "Asia/Tokyo"}) {
        auto submission = letter();
        submission.timing.wall = WallTime{.reading = reading_from("2026-12-01T09:00").value(), .zone = zone};
        testing::run(outbox.submit(account, std::move(submission))).value();
    }
    auto instant = letter();
    instant.timing.at = from_rfc3339("2026-12-01T08:00:00Z");
    testing::run(outbox.submit(account, std::move(instant))).value();
    EXPECT_EQ(testing::run(outbox.follow_zones()).value(), 0U);

    Outbox after{{.tracking_origin = "https://t.example.org"},
                 access,
                 accounts,
                 consents,
                 messages,
                 sends,
                 ledger,
                 abolished,
                 sealer,
                 clock,
                 random};
    EXPECT_EQ(testing::run(after.follow_zones()).value(), 1U);
    EXPECT_EQ(testing::run(after.follow_zones()).value(), 0U) << "once is enough";
    const auto waiting = testing::run(outbox.waiting(account, 10, {})).value();
    ASSERT_EQ(waiting.size(), 3U);
    EXPECT_EQ(waiting[0].wall->zone, "Asia/Tokyo");
    EXPECT_EQ(to_rfc3339(waiting[1].wanted_at), "2026-12-01T07:00:00.000Z");
    EXPECT_EQ(waiting[1].due_at, waiting[1].wanted_at);
    EXPECT_EQ(to_rfc3339(waiting[1].moved_from.value()), "2026-12-01T08:00:00.000Z");
    EXPECT_EQ(to_rfc3339(waiting[2].wanted_at), "2026-12-01T08:00:00.000Z");
}

TEST_F(OutboxTest, KeepsALedgerOfWhatWasMeantAndWhatCameOfIt) {
    const auto lost = submit().message.id;
    google.lose_next_answer(Call::send_draft);
    step();
    clock.advance(kQuietTime);
    step();
    std::string words;
    for (const auto& entry : testing::run(outbox.history(account, lost)).value())
        words += std::string(name_of(entry.word)) + " ";
    EXPECT_EQ(words, "intent unclear found ");
    const auto taken_back = submit().message.id;
    ASSERT_TRUE(testing::run(outbox.cancel(account, taken_back)));
    EXPECT_EQ(testing::run(ledger.verify(account)).value(), 4U);
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
    Outbox sleepy{{.tracking_origin = "https://t.example.org"},
                  access,
                  accounts,
                  consents,
                  messages,
                  sends,
                  ledger,
                  zones,
                  sealer,
                  stalling,
                  random};
    const auto due = testing::run(outbox.due(10)).value().at(0);
    EXPECT_EQ(testing::run(sleepy.advance(due)).value().state, SendState::unknown);
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
    ASSERT_TRUE(testing::run(outbox.cancel(account, taken_back.message.id)));

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

TEST_F(OutboxTest, PutsAMailOffWithoutAnAttemptWhenTheUnitsAreUsedUp) {
    testing::FakeSleeper sleeper(clock);
    UnitBudget budget({.units_per_minute = 300}, clock, sleeper);
    GoogleAccess paced(google, accounts, clock, Pacing{budget, sleeper, random});
    Outbox slow{{.tracking_origin = "https://t.example.org"},
                paced,
                accounts,
                consents,
                messages,
                sends,
                ledger,
                zones,
                sealer,
                clock,
                random};
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(sleeper.run(slow.submit(account, letter())));
    clock.advance(5min);
    for (auto& send : testing::run(outbox.due(10)).value()) {
        const auto after = sleeper.run(slow.advance(std::move(send))).value();
        EXPECT_EQ(after.attempts, after.state == SendState::sent ? 1 : 0);
        if (after.state != SendState::sent) EXPECT_EQ(after.state, SendState::scheduled);
    }
    EXPECT_EQ(sent_count(), 1U) << "one at once, and none that would wait longer than five seconds";
    for (int minute = 0; minute < 10; ++minute) {
        clock.advance(1min);
        for (auto& send : testing::run(outbox.due(10)).value()) ASSERT_TRUE(sleeper.run(slow.advance(std::move(send))));
    }
    EXPECT_EQ(sent_count(), 3U);
}

/// A mail that waits, and another that takes its place.
struct ChangedMail : OutboxTest {
    Submission other() {
        auto submission = letter("carol@example.org");
        submission.mail.cc = {{.address = "dan@example.org"}};
        submission.mail.html =
            "<p><a href=\"https://example.org/a\">one</a> <a href=\"https://example.org/b\">two</a></p>";
        return submission;
    }
    Submitted later() {
        auto submission = letter();
        submission.timing.at = clock.now() + 1h;
        return testing::run(outbox.submit(account, std::move(submission))).value();
    }
    Result<Submitted> change(MessageId id) { return testing::run(outbox.change(account, id, other())); }
    auto& drafts() { return google.mailbox(ann.subject).drafts; }
};

TEST_F(ChangedMail, GoesOutOnceAsItIsNowAndIsTrackedAnew) {
    const auto before = later();
    const auto draft = drafts().begin()->first;
    const auto after = change(before.message.id);
    ASSERT_TRUE(after) << after.error().detail;
    EXPECT_EQ(after->send.state, SendState::scheduled);
    EXPECT_EQ(after->send.due_at, before.send.due_at);
    EXPECT_EQ(after->message.links, 2);
    const auto stored = testing::run(messages.get(account, before.message.id)).value();
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
    const auto send = testing::run(sends.get(account, before.message.id)).value();
    EXPECT_FALSE(send.changing);
    EXPECT_EQ(send.due_at, before.send.due_at);
    EXPECT_EQ(testing::run(messages.get(account, send.id))->recipients[0].address, "bob@example.org");
}

TEST_F(ChangedMail, WaitsForItsWriterWhenGmailGivesNoClearAnswer) {
    const auto before = later();
    google.fail_next(Call::update_draft, {.kind = ErrorKind::unavailable, .detail = "timeout"});
    EXPECT_EQ(change(before.message.id).error().kind, ErrorKind::unavailable);
    auto send = testing::run(sends.get(account, before.message.id)).value();
    EXPECT_EQ(send.state, SendState::needs_user);
    EXPECT_EQ(send.problem->code, "change_unclear");
    ASSERT_TRUE(change(send.id)) << "it can be changed again";
    send = testing::run(sends.get(account, send.id)).value();
    EXPECT_EQ(send.state, SendState::scheduled);
    EXPECT_FALSE(send.problem);
}

TEST_F(ChangedMail, IsNotSentWhileAChangeIsUnderWayAndAsksWhenItsProcessEnded) {
    auto send = later().send;
    send.changing = true;  // As a process leaves it that ends in the middle.
    send.due_at = clock.now() + 2h;
    send = testing::run(sends.update(send)).value();
    EXPECT_EQ(testing::run(outbox.send_now(account, send.id)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(change(send.id).error().kind, ErrorKind::conflict);
    clock.advance(1h + 1min);
    EXPECT_TRUE(testing::run(outbox.due(10)).value().empty());
    clock.advance(1h);
    EXPECT_EQ(step().problem->code, "change_unclear");
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_EQ(testing::run(outbox.send_now(account, send.id))->send.state, SendState::scheduled);
    EXPECT_EQ(step().state, SendState::sent);
}

TEST_F(ChangedMail, OvertakesAClaimOrIsRefused) {
    const auto before = later();
    clock.advance(1h);
    auto found = testing::run(outbox.due(10)).value().at(0);
    ASSERT_TRUE(change(before.message.id));
    EXPECT_EQ(testing::run(outbox.advance(found)).error().kind, ErrorKind::conflict);
    EXPECT_EQ(sent_count(), 0U);
    EXPECT_EQ(step().state, SendState::sent);
    const auto refused = change(before.message.id);
    EXPECT_EQ(refused.error().detail, "this mail is no longer waiting, so it cannot be changed");
}

}  // namespace
}  // namespace inboxpro
