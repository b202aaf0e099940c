#include "tracking/intake.h"

#include <gtest/gtest.h>

#include <mutex>

#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::FaultyStore;
using testing::run;
using testing::soon;
using testing::TrackingWorld;
using namespace std::chrono_literals;

TEST(Intake, HasStoredAnEventWhenItsRequestIsAnswered) {
    TrackingWorld world;
    const auto message = world.send();
    auto intake = world.open();
    TrackingWorld::record_all(*intake, {world.pixel_of(message), world.link_of(message, 2)});
    const auto events = world.events_of(message);
    ASSERT_EQ(events.size(), 2U);
    const auto& click = events[0].event.kind == EventKind::click ? events[0] : events[1];
    EXPECT_EQ(click.event.link, 2);
    EXPECT_EQ(click.event.recipient, 0);
    EXPECT_EQ(click.verdict.label, Label::human);
    EXPECT_EQ(click.verdict.rule, "browser");
    EXPECT_TRUE(click.verdict.provisional) << "links that follow at once may still change it";
    EXPECT_FALSE(click.verdict.reasons.empty());
    EXPECT_EQ(intake->figures().opens_stored, 1U);
    EXPECT_EQ(intake->figures().clicks_stored, 1U);
}

TEST(Intake, KeepsNoMoreOfTheAddressThanTheTokenAllows) {
    TrackingWorld world;
    const auto message = world.send();
    auto intake = world.open();
    for (const auto& [policy, kept] :
         {std::pair{AddressPolicy::full, "203.0.113.77"}, std::pair{AddressPolicy::truncated, "203.0.113.0"},
          std::pair{AddressPolicy::none, ""}}) {
        world.clock.advance(1s);
        auto token = world.pixel_of(message);
        token.address_policy = policy;
        TrackingWorld::record_all(*intake, {token});
        EXPECT_EQ(world.events_of(message).back().event.address, kept);
    }
}

TEST(Intake, TellsTheListenerOfEveryNewEventOnce) {
    TrackingWorld world;
    const auto message = world.send();
    std::mutex mutex;
    std::map<EventId, int> told;
    auto intake = world.open(world.patient_options(), [&](const JudgedEvent& judged) {
        const std::scoped_lock lock{mutex};
        ++told[judged.event.id];
    });
    TrackingWorld::record_all(*intake, std::vector(20, world.pixel_of(message)));
    intake->stop();
    EXPECT_EQ(told.size(), 20U);
    for (const auto& [id, times] : told) EXPECT_EQ(times, 1) << id.text();
}

TEST(Intake, RecordsNothingForAMessageThatIsGone) {
    TrackingWorld world;
    const auto message = world.send();
    const auto other = world.send();
    auto intake = world.open();
    ASSERT_TRUE(run(world.messages.discard(world.account, other)));
    auto foreign = world.pixel_of(message);
    foreign.account = AccountId::make(world.clock.now(), world.random);
    TrackingWorld::record_all(*intake, {world.pixel_of(other), foreign, world.pixel_of(message)});
    EXPECT_EQ(intake->figures().unknown, 2U);
    EXPECT_EQ(intake->figures().opens_stored, 1U);
    EXPECT_EQ(intake->figures().waiting, 0U);
}

TEST(Intake, LosesNobodysEventsWhenOneAccountsKeyIsDestroyed) {
    TrackingWorld world;
    const auto message = world.send();
    auto intake = world.open();
    // Known to the recorder, and then erased.
    const auto own_account = world.account;
    const auto erased = AccountId::make(world.clock.now(), world.random);
    ASSERT_TRUE(run(world.ring.create(erased)));
    world.account = erased;
    const auto erased_message = world.send();
    const auto erased_token = world.pixel_of(erased_message);
    TrackingWorld::record_all(*intake, {erased_token});
    ASSERT_TRUE(run(world.ring.destroy(erased)));
    world.account = own_account;
    TrackingWorld::record_all(*intake, {erased_token, world.pixel_of(message), erased_token});
    EXPECT_EQ(world.events_of(message).size(), 1U);
    EXPECT_EQ(intake->figures().unknown, 2U);
    intake->stop();
    EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
}

TEST(Intake, StoresNoMoreOfATokenThanItsHourAllows) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.patient_options();
    options.max_events_per_token_hour = 7;
    auto intake = world.open(options);
    TrackingWorld::record_all(*intake, std::vector(500, world.pixel_of(message)));
    TrackingWorld::record_all(*intake, {world.link_of(message, 0)});
    EXPECT_EQ(world.events_of(message).size(), 8U) << "another token has an hour of its own";
    EXPECT_EQ(intake->figures().over_limit, 493U);
    world.clock.advance(1h);
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    EXPECT_EQ(world.events_of(message).size(), 9U);
}

TEST(Intake, HasNoLimitWhenItIsZero) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.patient_options();
    options.max_events_per_token_hour = 0;
    auto intake = world.open(options);
    TrackingWorld::record_all(*intake, std::vector(300, world.pixel_of(message)));
    EXPECT_EQ(world.events_of(message).size(), 300U);
}

TEST(Intake, AnswersFromTheJournalWhileTheStoreIsAway) {
    TrackingWorld world;
    const auto message = world.send();
    auto intake = world.open(world.options());
    world.faulty.set_plan([](int) { return FaultyStore::Fault::refuse; });
    const auto began = std::chrono::steady_clock::now();
    TrackingWorld::record_all(*intake, std::vector(50, world.pixel_of(message)));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "promised: 50 ms";
    EXPECT_EQ(intake->figures().journaled, 50U);
    EXPECT_EQ(intake->figures().opens_stored, 0U);

    world.faulty.set_plan({});
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    EXPECT_EQ(world.events_of(message).size(), 50U);
    EXPECT_EQ(intake->figures().dropped, 0U);
    intake->stop();
    EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
}

TEST(Intake, StoresWhatWasLateFromMemory) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.options();
    options.max_events_per_token_hour = 0;
    auto intake = world.open(options);
    constexpr std::size_t kEventsSent = 6'144;
    world.faulty.stands_still = true;
    TrackingWorld::record_all(*intake, std::vector(kEventsSent, world.pixel_of(message)));
    EXPECT_EQ(intake->figures().opens_stored, 0U);
    EXPECT_EQ(intake->figures().journaled, kEventsSent) << "answered all the same";
    world.faulty.stands_still = false;
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    EXPECT_EQ(intake->figures().opens_stored, kEventsSent);
    EXPECT_LT(world.faulty.inserted, kEventsSent * 3 / 2) << "not read back from the journal and stored again";
    intake->stop();
    EXPECT_EQ(world.events_of(message).size(), kEventsSent);
}

/// Sends a crowd while the store stands still over two others, so that only the journal can answer it, and lets the
/// store go on then. Waits until all have left the journal.
void send_a_crowd(TrackingWorld& world, Intake& intake, const std::vector<TrackingToken>& tokens) {
    const auto journaled = intake.figures().journaled;
    world.faulty.stands_still = true;
    std::vector<std::thread> first;
    for (int i = 0; i < 2; ++i) {
        const std::size_t before = world.faulty.inserted;
        first.emplace_back([&] { TrackingWorld::record_all(intake, {tokens.front()}); });
        EXPECT_TRUE(soon([&] { return world.faulty.inserted > before; }));
    }
    TrackingWorld::record_all(intake, tokens);
    EXPECT_EQ(intake.figures().journaled - journaled, tokens.size());
    world.faulty.stands_still = false;
    for (auto& one : first) one.join();
    EXPECT_TRUE(soon([&] { return intake.figures().waiting == 0; }));
}

TEST(Intake, AnswersACrowdFromTheJournalAtOnceAndStoresItInBulk) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.patient_options();
    options.journal_above = 64;
    options.max_events_per_token_hour = 0;
    auto intake = world.open(options);
    send_a_crowd(world, *intake, std::vector(2'000, world.pixel_of(message)));
    EXPECT_EQ(intake->figures().opens_stored, 2'002U);
    EXPECT_EQ(world.faulty.inserted, 2'002U) << "all from memory";
    EXPECT_EQ(world.events_of(message).size(), 2'002U);
    intake->stop();
    EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
}

TEST(Intake, StoresWhatMemoryHasNoRoomForFromTheJournal) {
    TrackingWorld world;
    std::vector<MessageId> messages;
    std::vector<TrackingToken> tokens;
    for (int i = 0; i < 5; ++i) messages.push_back(world.send());
    auto options = world.patient_options();
    options.journal_above = 64;
    options.crowd_in_memory = 100;
    options.max_events_per_token_hour = 0;
    for (int i = 0; i < 3'000; ++i) tokens.push_back(world.pixel_of(messages[static_cast<std::size_t>(i) % 5]));
    auto intake = world.open(options);
    for (int wave = 0; wave < 3; ++wave) send_a_crowd(world, *intake, tokens);
    EXPECT_EQ(intake->figures().opens_stored, 9'006U);
    EXPECT_EQ(intake->figures().dropped, 0U);
    intake->stop();
    for (const auto& message : messages) {
        EXPECT_EQ(world.events_of(message).size(), message == messages.front() ? 1'806U : 1'800U);
        EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
    }
}

TEST(Intake, StoresACrowdDirectlyWhenTheJournalIsFull) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.patient_options();
    options.journal_above = 64;
    options.journal_limit = 20'000;
    options.max_events_per_token_hour = 0;
    auto intake = world.open(options);
    TrackingWorld::record_all(*intake, std::vector(3'000, world.pixel_of(message)));
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    EXPECT_EQ(intake->figures().opens_stored, 3'000U);
    EXPECT_EQ(intake->figures().dropped, 0U);
}

TEST(Intake, DrainsWhatAnEarlierRunLeftInTheJournal) {
    TrackingWorld world;
    const auto message = world.send();
    {
        auto intake = world.open(world.options());
        world.faulty.set_plan([](int) { return FaultyStore::Fault::refuse; });
        TrackingWorld::record_all(*intake, std::vector(30, world.pixel_of(message)));
    }
    world.faulty.set_plan({});
    EXPECT_TRUE(world.events_of(message).empty());
    auto intake = world.open();
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    EXPECT_EQ(world.events_of(message).size(), 30U);
    intake->stop();
    EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
}

TEST(Intake, CountsWhatNeitherStoreNorJournalCanTake) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.options();
    options.journal_limit = 0;
    auto intake = world.open(options);
    world.faulty.set_plan([](int) { return FaultyStore::Fault::refuse; });
    TrackingWorld::record_all(*intake, std::vector(10, world.pixel_of(message)));
    intake->stop();
    EXPECT_EQ(intake->figures().dropped, 10U);
    EXPECT_EQ(intake->figures().journaled, 0U);
}

TEST(Intake, RefusesQuietlyOnceItIsStopped) {
    TrackingWorld world;
    const auto message = world.send();
    auto intake = world.open();
    intake->stop();
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    EXPECT_EQ(intake->figures().dropped, 1U);
    EXPECT_TRUE(world.events_of(message).empty());
}

TEST(Intake, TakesFromManyThreadsAtOnce) {
    TrackingWorld world{[] {
        static testing::ScratchDirectory scratch;
        auto store = open_sqlite_store({.file = scratch.path / "many.db"}, testing::tracking_collections());
        EXPECT_TRUE(store.has_value());
        return std::move(*store);
    }()};
    auto options = world.patient_options();
    options.max_events_per_token_hour = 0;
    std::vector<MessageId> messages;
    for (int i = 0; i < 8; ++i) messages.push_back(world.send());
    auto intake = world.open(options);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 5; ++round) {
                std::vector<TrackingToken> tokens;
                for (const auto& message : messages) tokens.insert(tokens.end(), 10, world.pixel_of(message));
                TrackingWorld::record_all(*intake, tokens);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    intake->stop();
    for (const auto& message : messages) {
        EXPECT_EQ(world.events_of(message).size(), 200U);
        EXPECT_EQ(world.tally_of(message).body, world.recount_of(message).body);
    }
    EXPECT_EQ(intake->figures().dropped, 0U);
}

TEST(Intake, CostsAHotMessageOneReadAndOneWriteForAllItsEvents) {
    TrackingWorld world;
    const auto message = world.send();
    auto options = world.patient_options();
    options.max_events_per_token_hour = 0;
    auto intake = world.open(options);
    world.faulty.set_plan([](int) { return FaultyStore::Fault::none; });
    TrackingWorld::record_all(*intake, std::vector(1'000, world.pixel_of(message)));
    intake->stop();
    EXPECT_EQ(world.events_of(message).size(), 1'000U);
    EXPECT_LT(world.faulty.calls(), 100) << "no call for each event";
}

}  // namespace
}  // namespace inboxpro
