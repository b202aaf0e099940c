#include "tracking/recount.h"

#include <algorithm>
#include <random>

#include "tracking/classify/classify.h"
#include "tracking/hindsight.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::run;
using testing::TrackingWorld;
using namespace std::chrono_literals;

/// A click or open as the intake would have stored it, at this time.
JudgedEvent event_at(TrackingWorld& world, MessageId message, TimePoint at, std::optional<std::uint16_t> link) {
    Event event = TrackingWorld::request();
    event.id = EventId::make(at, world.random);
    event.kind = link ? EventKind::click : EventKind::open;
    event.account = world.account;
    event.message = message;
    event.recipient = 0;
    event.link = link;
    event.at = at;
    const auto judged = [&](EventKind kind) {
        return classify({.kind = kind, .user_agent = event.user_agent, .seconds_after_send = 900});
    };
    static const auto of_open = judged(EventKind::open);
    static const auto of_click = judged(EventKind::click);
    return {.event = event, .verdict = link ? of_click : of_open};
}

Label label_of(TrackingWorld& world, MessageId message, std::size_t index) {
    return world.events_of(message).at(index).verdict.label;
}

struct Recounted : ::testing::Test {
    void store(std::vector<JudgedEvent> events) {
        const auto mark = fold.begin_batch();
        std::vector<Document> documents;
        for (const auto& judged : events) documents.push_back(document_of(judged, mark));
        ASSERT_TRUE(run(world.documents.insert_many(kEvents, std::move(documents))));
        fold.settle(mark.batch, std::move(events));
    }
    Hindsight::Outcome judge_again(MessageId message) {
        return run(hindsight.judge_again(run(world.messages.get(world.account, message)).value())).value();
    }
    /// A person's answer, as it is stored when the mailbox tells of it.
    void answer(MessageId message, TimePoint at) {
        world.store_reply(message, at);
        judge_again(message);
    }
    void expect_counted(MessageId message) { EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body); }

    TrackingWorld world;
    Fold fold{world.documents, RawId::make(world.clock.now(), world.random), {}};
    Hindsight hindsight{world.documents, world.clock};
};

TEST_F(Recounted, AScannersFirstClickIsNoPersonsWhenTheOthersFollow) {
    const auto message = world.send(3);
    const auto now = world.clock.now();
    store({event_at(world, message, now, 0), event_at(world, message, now + 900ms, 1),
           event_at(world, message, now + 1800ms, 2), event_at(world, message, now + 60s, 1)});
    ASSERT_TRUE(run(fold.advance()));
    EXPECT_EQ(run(world.tallies.get(world.account, message))->total().clicks_by_people, 4);
    world.clock.advance(2min);
    const auto outcome = judge_again(message);
    EXPECT_EQ(outcome.changed, 3U);
    EXPECT_TRUE(outcome.recounted);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(label_of(world, message, i), Label::scanner) << i;
    EXPECT_EQ(label_of(world, message, 3), Label::human) << "a minute later it is somebody";
    const auto total = run(world.tallies.get(world.account, message))->total();
    EXPECT_EQ(total.clicks_by_people, 1);
    EXPECT_EQ(total.clicks_by_machines, 3);
    expect_counted(message);
}

TEST_F(Recounted, TheOpenThatFollowsTheSendersLookIsNoReaders) {
    const auto message = world.send(1);
    const auto now = world.clock.now();
    store({event_at(world, message, now + 3s, {}), event_at(world, message, now + 5s, {}),
           event_at(world, message, now + 90s, {})});
    ASSERT_TRUE(run(fold.advance()));
    ASSERT_TRUE(run(world.messages.note_viewing(world.account, message, now)));
    ASSERT_TRUE(run(world.messages.note_viewing(world.account, message, now + 1s))) << "the same look";
    ASSERT_TRUE(run(world.messages.note_viewing(world.account, message, now + 60s)));
    EXPECT_EQ(run(world.messages.get(world.account, message))->viewings.size(), 2U);
    world.clock.advance(2min);
    EXPECT_EQ(judge_again(message).changed, 2U) << "the look itself, and how sure the open is that had one before it";
    EXPECT_EQ(world.events_of(message).at(2).verdict.reasons.back(), "The mail had been opened before.");
    EXPECT_EQ(label_of(world, message, 0), Label::self);
    EXPECT_EQ(label_of(world, message, 1), Label::human) << "a look is one open";
    EXPECT_EQ(label_of(world, message, 2), Label::human) << "thirty seconds later it is somebody else";
    const auto total = run(world.tallies.get(world.account, message))->total();
    EXPECT_EQ(total.opens_by_sender, 1);
    EXPECT_EQ(total.opens_by_people, 2);
    expect_counted(message);
    EXPECT_EQ(judge_again(message).changed, 0U);
}

TEST_F(Recounted, AnAnswerMakesSurerOfWhatWasSeenBeforeIt) {
    const auto message = world.send(1);
    const auto now = world.clock.now();
    store({event_at(world, message, now, {}), event_at(world, message, now + 60s, 0)});
    ASSERT_TRUE(run(fold.advance()));
    answer(message, now + 90s);
    store({event_at(world, message, now + 120s, {})});
    ASSERT_TRUE(run(fold.advance()));
    world.clock.advance(5min);
    EXPECT_EQ(judge_again(message).changed, 1U) << "of the last open it is known that it was not the first";
    const auto seen = world.events_of(message);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_DOUBLE_EQ(seen[0].verdict.confidence, .875);
    EXPECT_DOUBLE_EQ(*seen[0].verdict.human_p, .875);
    EXPECT_EQ(seen[0].verdict.reasons.back(), "They answered the mail later.");
    EXPECT_DOUBLE_EQ(seen[1].verdict.confidence, .963) << "opened before, answered later";
    EXPECT_DOUBLE_EQ(seen[3].verdict.confidence, .875);
    EXPECT_EQ(seen[3].verdict.reasons.back(), "The mail had been opened before.");
    EXPECT_EQ(run(world.tallies.get(world.account, message))->status(), ReadStatus::replied);
    expect_counted(message);
}

TEST_F(Recounted, KeepsTheNewestLooksOfASender) {
    const auto message = world.send(1);
    for (int i = 0; i < 510; ++i)
        ASSERT_TRUE(run(world.messages.note_viewing(world.account, message, world.clock.now() + i * 5s)));
    const auto viewings = run(world.messages.get(world.account, message))->viewings;
    EXPECT_EQ(viewings.size(), 500U);
    EXPECT_EQ(viewings.back(), world.clock.now() + 509 * 5s);
    EXPECT_EQ(
        run(world.messages.note_viewing(AccountId::make(world.clock.now(), world.random), message, world.clock.now()))
            .error()
            .kind,
        ErrorKind::not_found);
}

TEST_F(Recounted, JudgingTwiceChangesNothingTheSecondTime) {
    const auto message = world.send(2);
    store({event_at(world, message, world.clock.now(), 0), event_at(world, message, world.clock.now(), {})});
    ASSERT_TRUE(run(fold.advance()));
    world.clock.advance(1min);
    judge_again(message);
    const auto before = run(world.documents.find(kEvents, {.index = "by_message", .equals = {Bytes{message.view()}}}));
    const auto again = judge_again(message);
    EXPECT_EQ(again.changed, 0U);
    EXPECT_FALSE(again.recounted);
    const auto after = run(world.documents.find(kEvents, {.index = "by_message", .equals = {Bytes{message.view()}}}));
    for (std::size_t i = 0; i < before->size(); ++i) {
        EXPECT_EQ((*after)[i].body, (*before)[i].body);
        EXPECT_EQ((*after)[i].fields, (*before)[i].fields);
        EXPECT_EQ((*after)[i].version, (*before)[i].version);
    }
}

TEST_F(Recounted, LeavesToTheFoldWhatIsNotFoldedYet) {
    const auto message = world.send(3);
    store({event_at(world, message, world.clock.now(), {})});
    ASSERT_TRUE(run(fold.advance()));
    store({event_at(world, message, world.clock.now(), {})});
    EXPECT_FALSE(*run(recount(world.documents, world.account, message)));
    EXPECT_EQ(run(world.tallies.get(world.account, message))->total().opens_by_people, 1);
    ASSERT_TRUE(run(fold.advance()));
    EXPECT_EQ(run(world.tallies.get(world.account, message))->total().opens_by_people, 2);
    expect_counted(message);
}

TEST_F(Recounted, MendsFiguresThatWentWrong) {
    const auto message = world.send(3);
    store({event_at(world, message, world.clock.now(), {})});
    ASSERT_TRUE(run(fold.advance()));
    auto document = run(world.documents.get(kTallies, message.raw)).value();
    document.body["recipients"] = boost::json::object{{"0", {{"opens_by_people", 7}}}};
    ASSERT_TRUE(run(world.documents.replace(kTallies, document)));
    EXPECT_TRUE(*run(recount(world.documents, world.account, message)));
    expect_counted(message);
    EXPECT_FALSE(*run(recount(world.documents, world.account, message)));
    EXPECT_EQ(
        run(recount(world.documents, world.account, MessageId::make(world.clock.now(), world.random))).error().kind,
        ErrorKind::not_found);
}

// A hundred thousand events of 400 messages over two nodes: out of order, some told twice, some batches folded late or
// from the store, and verdicts changed all the while.
TEST_F(Recounted, FiguresEqualARecountWhateverHappens) {
    constexpr int kMessageCount = 400;
    constexpr int kBatches = 500;
    constexpr int kInBatch = 200;
    Fold other{world.documents, RawId::make(world.clock.now(), world.random), {}};
    std::mt19937 dice(20261128);
    const auto below = [&](int sides) { return static_cast<int>(dice() % static_cast<unsigned>(sides)); };
    std::vector<MessageId> messages;
    for (int i = 0; i < kMessageCount; ++i) messages.push_back(world.send(1 + below(4)));
    const auto begun = world.clock.now();
    int stored = 0;
    int changed = 0;
    std::map<MessageId, TimePoint> answered;
    for (int batch = 0; batch < kBatches; ++batch) {
        auto& node = below(2) == 0 ? fold : other;
        std::vector<JudgedEvent> events;
        for (int i = 0; i < kInBatch; ++i) {
            const auto& message = messages[static_cast<std::size_t>(below(kMessageCount))];
            const auto at = begun + std::chrono::milliseconds{below(400'000)};
            const auto link = below(3) == 0 ? std::nullopt : std::optional{static_cast<std::uint16_t>(below(4))};
            events.push_back(event_at(world, message, at, link));
        }
        const auto mark = node.begin_batch();
        std::vector<Document> documents;
        for (const auto& judged : events) documents.push_back(document_of(judged, mark));
        const bool twice = below(5) == 0;
        ASSERT_TRUE(run(world.documents.insert_many(kEvents, documents)));
        if (twice) ASSERT_TRUE(run(world.documents.insert_many(kEvents, std::move(documents))));
        stored += kInBatch;
        if (twice)
            node.settle_from_store(mark.batch);
        else
            node.settle(mark.batch, std::move(events));
        if (below(3) == 0) ASSERT_TRUE(run(fold.advance()));
        if (below(3) == 0) ASSERT_TRUE(run(other.advance()));
        world.clock.advance(1s);
        if (below(5) == 0) {
            const auto& message = messages[static_cast<std::size_t>(below(kMessageCount))];
            const auto at = begun + std::chrono::milliseconds{below(400'000)};
            answer(message, at);
            answered[message] = std::max(answered[message], at);
        }
        if (below(3) != 0) continue;
        changed += static_cast<int>(judge_again(messages[static_cast<std::size_t>(below(kMessageCount))]).changed);
    }
    ASSERT_TRUE(run(fold.advance()));
    ASSERT_TRUE(run(other.advance()));
    EXPECT_EQ(stored, 100'000);
    EXPECT_GT(changed, 500);
    for (const auto& message : messages) expect_counted(message);
    EXPECT_GT(answered.size(), 50U);
    for (const auto& [message, at] : answered) {
        judge_again(message);
        expect_counted(message);
        EXPECT_EQ(run(world.tallies.get(world.account, message))->status(), ReadStatus::replied);
        for (const auto& [event, verdict] : world.events_of(message)) {
            if (event.kind == EventKind::reply || !verdict.counted()) continue;
            EXPECT_EQ(std::ranges::count(verdict.reasons, "They answered the mail later."), event.at < at ? 1 : 0);
        }
    }
}

}  // namespace
}  // namespace inboxpro
