#include "tracking/objections.h"

#include <gtest/gtest.h>

#include "tracking/mentions.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using testing::run;
using testing::soon;
using testing::TrackingWorld;

std::uint64_t stored(const Intake& intake) {
    const auto figures = intake.figures();
    return figures.opens_stored + figures.clicks_stored;
}

/// A mail to several people, as one mail.
MessageId send_to_all(TrackingWorld& world, const std::vector<std::string>& addresses) {
    Message message{.id = MessageId::make(world.clock.now(), world.random), .account = world.account};
    message.created_at = world.clock.now();
    for (const auto& address : addresses) message.recipients.push_back({.address = address});
    EXPECT_TRUE(run(world.messages.add(message)));
    EXPECT_TRUE(run(world.messages.mark_sent(world.account, message.id, "g", "t", world.clock.now())));
    return message.id;
}

TEST(Objections, WriteNothingOfAThousandEarlierTokens) {
    TrackingWorld world;
    const auto intake = world.open();
    std::vector<TrackingToken> tokens;
    for (int i = 0; i < 500; ++i) {
        const auto message = world.send();
        tokens.push_back(world.pixel_of(message));
        tokens.push_back(world.link_of(message, 1));
    }
    TrackingWorld::record_all(*intake, tokens);
    ASSERT_EQ(stored(*intake), 1'000U);
    ASSERT_TRUE(run(world.objections.object(world.objections.person("Reader@Example.org "))));
    TrackingWorld::record_all(*intake, tokens);
    EXPECT_EQ(stored(*intake), 1'000U);
    std::size_t rows = 0;
    for (const auto& token : tokens)
        if (token.kind == TrackingToken::Kind::open) rows += world.events_of(token.message).size();
    EXPECT_EQ(rows, 1'000U);
}

TEST(Objections, OfAnotherProcessHoldAQuarterOfASecondLater) {
    TrackingWorld world;
    const auto message = world.send();
    const auto intake = world.open();
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    Objections elsewhere(world.documents, world.index, world.clock);
    ASSERT_TRUE(run(elsewhere.object(elsewhere.person("reader@example.org"))));
    world.clock.advance(250ms);
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    EXPECT_EQ(world.events_of(message).size(), 1U);
}

TEST(Objections, OfMoreThanOnePageAreAllKnownAfterAStart) {
    TrackingWorld world;
    std::vector<Document> many;
    for (int i = 0; i < 2'500; ++i)
        many.push_back({.id = RawId::make(world.clock.now(), world.random), .fields = {to_millis(world.clock.now())}});
    ASSERT_TRUE(run(world.documents.insert_many(kObjections, many)));
    ASSERT_TRUE(run(world.objections.catch_up()));
    for (const auto& each : many) ASSERT_TRUE(world.objections.holds(each.id));
}

TEST(Objections, LeaveOtherPeopleAsTheyAre) {
    TrackingWorld world;
    ASSERT_TRUE(run(world.objections.object(world.objections.person("somebody.else@example.org"))));
    const auto message = world.send();
    const auto intake = world.open();
    TrackingWorld::record_all(*intake, {world.pixel_of(message), world.link_of(message, 0)});
    EXPECT_EQ(world.events_of(message).size(), 2U);
}

TEST(Objections, OfOneOfSeveralSilenceTheirCommonMail) {
    TrackingWorld world;
    const auto common = send_to_all(world, {"ada@example.org", "bob@example.org"});
    auto token = world.pixel_of(common);
    token.recipient = TrackingToken::kAnyRecipient;
    const auto intake = world.open();
    ASSERT_TRUE(run(world.objections.object(world.objections.person("bob@example.org"))));
    TrackingWorld::record_all(*intake, {token});
    EXPECT_TRUE(world.events_of(common).empty());
    // A copy of one's own is one's own.
    token.recipient = 0;
    TrackingWorld::record_all(*intake, {token});
    EXPECT_EQ(world.events_of(common).size(), 1U);
    token.recipient = 1;
    TrackingWorld::record_all(*intake, {token});
    EXPECT_EQ(world.events_of(common).size(), 1U);
}

TEST(Objections, AgainstAMailSilenceThatMailAlone) {
    TrackingWorld world;
    const auto one = world.send(), other = world.send();
    const auto intake = world.open();
    ASSERT_TRUE(run(world.objections.object(one)));
    TrackingWorld::record_all(*intake, {world.pixel_of(one), world.pixel_of(other), world.link_of(one, 2)});
    EXPECT_TRUE(world.events_of(one).empty());
    EXPECT_EQ(world.events_of(other).size(), 1U);
}

TEST(Objections, DropWhatWaitsInTheJournal) {
    TrackingWorld world;
    const auto objecting = world.send();
    const auto other = send_to_all(world, {"ada@example.org"});
    {
        const auto intake = world.open(world.options());
        world.faulty.set_plan([](int) { return testing::FaultyStore::Fault::refuse; });
        TrackingWorld::record_all(*intake,
                                  {world.pixel_of(objecting), world.link_of(objecting, 1), world.pixel_of(other)});
        ASSERT_EQ(intake->figures().waiting, 3U);
        intake->stop();
        world.faulty.set_plan({});
    }
    ASSERT_TRUE(run(world.objections.object(world.objections.person("reader@example.org"))));
    const auto intake = world.open(world.options());
    EXPECT_TRUE(soon([&] { return intake->figures().waiting == 0; }));
    intake->stop();
    EXPECT_TRUE(world.events_of(objecting).empty());
    EXPECT_EQ(world.events_of(other).size(), 1U);
}

TEST(Objections, ThatCannotBeAskedForLetNothingBeWritten) {
    TrackingWorld world;
    const auto message = world.send();
    const auto intake = world.open(world.options());
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    world.clock.advance(1s);
    // The first call that the next batch makes is for objections.
    world.faulty.set_plan(
        [](int call) { return call == 1 ? testing::FaultyStore::Fault::refuse : testing::FaultyStore::Fault::none; });
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    EXPECT_TRUE(soon([&] { return world.faulty.calls() > 2; }));
    intake->stop();
    world.faulty.set_plan({});
    EXPECT_EQ(world.events_of(message).size(), 2U) << "and when the store is back it is written, once";
}

TEST(Objections, ComeBetweenTwoAttempts) {
    TrackingWorld world;
    const auto message = world.send();
    const auto intake = world.open();
    TrackingWorld::record_all(*intake, {world.pixel_of(message)});
    // The store takes nothing until the objection is there.
    std::atomic<bool> refuses = true;
    world.faulty.set_plan(
        [&](int) { return refuses ? testing::FaultyStore::Fault::refuse : testing::FaultyStore::Fault::none; });
    std::thread reader([&] { TrackingWorld::record_all(*intake, {world.pixel_of(message)}); });
    EXPECT_TRUE(soon([&] { return world.faulty.calls() > 1; }));
    KeyRing ring(*world.store, world.keys.keys(KeyPurpose::master), world.random);
    Documents aside(*world.store, ring, world.random);
    Objections elsewhere(aside, world.index, world.clock);
    EXPECT_TRUE(run(elsewhere.object(elsewhere.person("reader@example.org"))));
    world.clock.advance(250ms);
    refuses = false;
    reader.join();
    world.faulty.set_plan({});
    EXPECT_EQ(world.events_of(message).size(), 1U);
}

TEST(Objections, AreNoPlainWordsInTheStore) {
    TrackingWorld world;
    ASSERT_TRUE(run(world.objections.object(world.objections.person("reader@example.org"))));
    const auto found = run(world.store->find(kObjections, {.index = "by_time", .equals = {}})).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE((Bytes{found[0].id.view()} + found[0].payload).contains("reader"));
    BlindIndex other_installation(KeyFile::in_memory(world.random).keys(KeyPurpose::index));
    EXPECT_NE(Objections(world.documents, other_installation, world.clock).person("reader@example.org"), found[0].id);
}

TEST(Mentions, FindTheMailsThatSomebodyGot) {
    TrackingWorld world;
    Mentions mentions{world.documents, world.index};
    std::vector<MessageId> ids;
    for (const auto& people : std::vector<std::vector<std::string>>{
             {"Ada@Example.org"}, {"bob@example.org"}, {"bob@example.org", "ada@example.org"}}) {
        Message message{.id = MessageId::make(world.clock.now(), world.random), .account = world.account};
        message.created_at = world.clock.now();
        for (const auto& address : people) message.recipients.push_back({.address = address});
        ASSERT_TRUE(run(mentions.note(message)));
        ASSERT_TRUE(run(mentions.note(message))) << "repeating it is harmless";
        ASSERT_TRUE(run(world.messages.add(message)));
        ids.push_back(message.id);
        world.clock.advance(1s);
    }
    std::optional<Query::Position> after;
    const auto found = run(mentions.of(world.account, "ada@example.org", 10, after)).value();
    EXPECT_EQ(found, (std::vector{ids[0], ids[2]}));
    after.reset();
    EXPECT_TRUE(
        run(mentions.of(AccountId::make(world.clock.now(), world.random), "ada@example.org", 10, after))->empty());
    ASSERT_TRUE(run(world.messages.discard(world.account, ids[2])));
    after.reset();
    EXPECT_EQ(run(mentions.of(world.account, "ada@example.org", 10, after))->size(), 1U)
        << "a discarded mail leaves none";
}

}  // namespace
}  // namespace inboxpro
