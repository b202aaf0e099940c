#include "tracking/fold.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::FaultyStore;
using testing::run;
using testing::soon;
using testing::TrackingWorld;

/// Some traffic over three messages, then the intake goes away.
void run_some_traffic(TrackingWorld& world, const std::vector<MessageId>& messages) {
    auto intake = world.open(world.options());
    for (int round = 0; round < 3; ++round) {
        std::vector<TrackingToken> tokens;
        for (const auto& message : messages) {
            tokens.push_back(world.pixel_of(message));
            tokens.push_back(world.link_of(message, static_cast<std::uint16_t>(round)));
        }
        TrackingWorld::record_all(*intake, tokens);
    }
}

/// Lets a healthy run finish what is left, and compares.
void expect_all_there_once(TrackingWorld& world, const std::vector<MessageId>& messages, const std::string& what) {
    world.faulty.set_plan({});
    auto intake = world.open();
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; })) << what;
    intake->stop();
    for (const auto& message : messages) {
        EXPECT_EQ(world.events_of(message).size(), 6U) << what;
        EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body) << what;
    }
}

class FoldUnderFaults : public ::testing::TestWithParam<FaultyStore::Fault> {};

TEST_P(FoldUnderFaults, EqualsARecountWhereverTheStoreBreaksOff) {
    int calls = 1;
    for (int broken = 1; broken <= calls; ++broken) {
        TrackingWorld world;
        std::vector<MessageId> messages;
        for (int i = 0; i < 3; ++i) messages.push_back(world.send());
        world.faulty.set_plan([&](int call) {
            return call < broken ? FaultyStore::Fault::none : call == broken ? GetParam() : FaultyStore::Fault::refuse;
        });
        run_some_traffic(world, messages);
        calls = std::max(calls, std::min(world.faulty.calls(), 40));
        expect_all_there_once(world, messages, fmt::format("broken from call {}", broken));
    }
}

TEST_P(FoldUnderFaults, EqualsARecountWhenSingleCallsFailNowAndThen) {
    for (int every = 2; every <= 7; ++every) {
        TrackingWorld world;
        std::vector<MessageId> messages;
        for (int i = 0; i < 3; ++i) messages.push_back(world.send());
        world.faulty.set_plan([&](int call) { return call % every == 0 ? GetParam() : FaultyStore::Fault::none; });
        run_some_traffic(world, messages);
        expect_all_there_once(world, messages, fmt::format("every {}th call broken", every));
    }
}

INSTANTIATE_TEST_SUITE_P(All, FoldUnderFaults,
                         ::testing::Values(FaultyStore::Fault::refuse, FaultyStore::Fault::fail_after),
                         [](const auto& fault) {
                             return fault.param == FaultyStore::Fault::refuse ? "Refused" : "OutcomeUnknown";
                         });

struct FoldTest : ::testing::Test {
    TrackingWorld world;
    RawId node = RawId::make(world.clock.now(), world.random);
    std::unique_ptr<Fold> fold = std::make_unique<Fold>(world.documents, node, Fold::Listener{});

    JudgedEvent open_of(MessageId message) {
        JudgedEvent judged{.event = TrackingWorld::request(), .verdict = {.label = Label::human, .rule = "browser"}};
        judged.event.account = world.account;
        judged.event.message = message;
        judged.event.recipient = 0;
        judged.event.at = world.clock.now();
        judged.event.id = EventId::make(judged.event.at, world.random);
        return judged;
    }
    void commit(const BatchMark& mark, const std::vector<JudgedEvent>& events) {
        std::vector<Document> documents;
        for (const auto& judged : events) documents.push_back(document_of(judged, mark));
        ASSERT_TRUE(run(world.documents.insert_many(kEvents, std::move(documents))));
    }
    void expect_counted(MessageId message, std::int64_t opens) {
        EXPECT_EQ(run(world.tallies.get(world.account, message))->total().opens_by_people, opens);
    }
};

TEST_F(FoldTest, WaitsForABatchThatIsStillBeingCommitted) {
    const auto message = world.send();
    const auto first = fold->begin_batch();
    const auto second = fold->begin_batch();
    const std::vector early{open_of(message)};
    const std::vector late{open_of(message), open_of(message)};
    commit(second, late);
    fold->settle(second.batch, late);
    ASSERT_TRUE(run(fold->advance()));
    expect_counted(message, 0);
    commit(first, early);
    fold->settle(first.batch, early);
    ASSERT_TRUE(run(fold->advance()));
    expect_counted(message, 3);
}

TEST_F(FoldTest, CountsWhatOnlyTheStoreKnows) {
    const auto message = world.send();
    const auto mark = fold->begin_batch();
    commit(mark, {open_of(message), open_of(message)});
    fold->settle_from_store(mark.batch);
    ASSERT_TRUE(run(fold->advance()));
    expect_counted(message, 2);
}

TEST_F(FoldTest, CountsAgainNothingThatAnEarlierRunCounted) {
    const auto message = world.send();
    for (int i = 0; i < 3; ++i) {
        const auto mark = fold->begin_batch();
        const std::vector events{open_of(message)};
        commit(mark, events);
        fold->settle(mark.batch, events);
    }
    ASSERT_TRUE(run(fold->advance()));
    // Committed, but not folded when the node died.
    commit(fold->begin_batch(), {open_of(message)});
    for (int restarts = 0; restarts < 2; ++restarts) {
        Fold again{world.documents, node, {}};
        ASSERT_TRUE(run(again.recover()));
        EXPECT_GT(again.begin_batch().batch, 4);
        expect_counted(message, 4);
    }
}

TEST_F(FoldTest, SharesATallyWithAnotherNode) {
    const auto message = world.send();
    Fold other{world.documents, RawId::make(world.clock.now(), world.random), {}};
    for (int round = 0; round < 3; ++round) {
        for (auto* one : {fold.get(), &other}) {
            const auto mark = one->begin_batch();
            const std::vector events{open_of(message)};
            commit(mark, events);
            one->settle(mark.batch, events);
            ASSERT_TRUE(run(one->advance()));
        }
    }
    expect_counted(message, 6);
}

TEST_F(FoldTest, LeavesNoTraceOfAMessageThatWasDiscardedMeanwhile) {
    const auto message = world.send();
    const auto mark = fold->begin_batch();
    const std::vector events{open_of(message)};
    ASSERT_TRUE(run(world.messages.discard(world.account, message)));
    commit(mark, events);
    fold->settle(mark.batch, events);
    ASSERT_TRUE(run(fold->advance()));
    EXPECT_EQ(run(world.documents.get(kTallies, message.raw)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(world.documents.get(kEvents, events[0].event.id.raw)).error().kind, ErrorKind::not_found);
}

TEST_F(FoldTest, IsNotHeldUpByATallyThatCannotBeRead) {
    const auto broken = world.send();
    const auto healthy = world.send();
    Record nonsense{.id = broken.raw, .account = world.account, .fields = {}, .payload = "nonsense", .counters = {}};
    ASSERT_TRUE(run(world.store->insert(kTallies, nonsense)));
    const auto mark = fold->begin_batch();
    const std::vector events{open_of(broken), open_of(healthy)};
    commit(mark, events);
    fold->settle(mark.batch, events);
    ASSERT_TRUE(run(fold->advance()));
    expect_counted(healthy, 1);
    EXPECT_FALSE(fold->is_behind());
}

RC_GTEST_PROP(Count, DoesNotDependOnTheOrder, (const std::vector<std::tuple<bool, std::uint8_t, std::uint8_t>>& seen)) {
    std::vector<std::pair<Event, Label>> events;
    for (const auto& [open, label, minute] : seen) {
        Event event;
        event.kind = open ? EventKind::open : EventKind::click;
        event.at = from_millis(minute * 60'000);
        event.recipient = minute % 2;
        events.emplace_back(event, static_cast<Label>(label % 6 + 1));
    }
    const auto tally_in_order = [&] {
        Tally tally;
        for (const auto& [event, label] : events) count(tally, event, label);
        return document_of(TallyRecord{.account = {}, .tally = tally, .folded = {}}).body;
    };
    const auto forwards = tally_in_order();
    std::ranges::reverse(events);
    RC_ASSERT(forwards == tally_in_order());
}

}  // namespace
}  // namespace inboxpro
