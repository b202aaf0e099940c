#include "tracking/messages.h"

#include <gtest/gtest.h>

#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::run;
using testing::TrackingWorld;
using namespace std::chrono_literals;

struct MessagesTest : ::testing::Test {
    TrackingWorld world;
    AccountId stranger = AccountId::make(world.clock.now(), world.random);

    Message message_made(std::chrono::seconds later = 0s) {
        Message message;
        message.id = MessageId::make(world.clock.now() + later, world.random);
        message.account = world.account;
        message.created_at = world.clock.now() + later;
        message.source = Message::Source::extension;
        message.recipients = {{.address = "a@example.org", .field = RecipientField::cc, .name = "A"},
                              {.address = "b@example.org", .field = RecipientField::bcc}};
        message.track = {.opens = true, .clicks = false};
        message.not_tracked_because = "no_html";
        message.links = 4;
        return message;
    }
};

TEST_F(MessagesTest, GivesBackWhatWasAdded) {
    const auto added = message_made();
    ASSERT_TRUE(run(world.messages.add(added)));
    const auto got = run(world.messages.get(world.account, added.id));
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->version, 1U);
    EXPECT_EQ(got->source, Message::Source::extension);
    EXPECT_EQ(got->state, Message::State::prepared);
    EXPECT_EQ(got->created_at, added.created_at);
    EXPECT_FALSE(got->sent_at.has_value());
    ASSERT_EQ(got->recipients.size(), 2U);
    EXPECT_EQ(got->recipients[0].name, "A");
    EXPECT_EQ(got->recipients[1].field, RecipientField::bcc);
    EXPECT_FALSE(got->track.clicks);
    EXPECT_EQ(got->not_tracked_because, "no_html");
    EXPECT_EQ(got->links, 4);
}

TEST_F(MessagesTest, ShowsNothingToAnotherAccount) {
    const auto id = world.send();
    EXPECT_EQ(run(world.messages.get(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(world.messages.mark_sent(stranger, id, "g", "t", {})).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(world.messages.discard(stranger, id)).error().kind, ErrorKind::not_found);
    EXPECT_EQ(run(world.events.of_message(stranger, id, 10, {})).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(run(world.tallies.get(stranger, id))->recipients.empty());
    EXPECT_TRUE(run(world.messages.list(stranger, 10, {}))->empty());
}

TEST_F(MessagesTest, MarksSentAsOftenAsAsked) {
    const auto added = message_made();
    ASSERT_TRUE(run(world.messages.add(added)));
    for (int i = 0; i < 2; ++i) {
        const auto sent = run(world.messages.mark_sent(world.account, added.id, "gmail", "thread", world.clock.now()));
        ASSERT_TRUE(sent.has_value());
        EXPECT_EQ(sent->state, Message::State::sent);
        EXPECT_EQ(sent->gmail_thread_id, "thread");
        EXPECT_EQ(run(world.messages.get(world.account, added.id))->version, sent->version);
    }
}

TEST_F(MessagesTest, ListsNewestFirstPageByPage) {
    std::vector<MessageId> newest_first;
    for (int i = 0; i < 7; ++i) {
        const auto message = message_made(std::chrono::seconds{i / 2});
        ASSERT_TRUE(run(world.messages.add(message)));
        newest_first.push_back(message.id);
    }
    std::ranges::sort(newest_first, std::greater<>{});
    std::vector<MessageId> listed;
    std::optional<MessageId> after;
    while (true) {
        const auto page = run(world.messages.list(world.account, 3, after)).value();
        if (page.empty()) break;
        for (const auto& message : page) listed.push_back(message.id);
        after = listed.back();
    }
    EXPECT_EQ(listed, newest_first);
}

TEST_F(MessagesTest, FindsThoseOfASpanOldestFirst) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(run(world.messages.add(message_made(std::chrono::seconds{i}))));
    const auto from = world.clock.now() + 1s;
    const auto below = world.clock.now() + 4s;
    const auto first = run(world.messages.created_between(world.account, from, below, 2, {})).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].created_at, from);
    const auto rest = run(world.messages.created_between(world.account, from, below, 2, first[1].id)).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].created_at, from + 2s);
}

TEST_F(MessagesTest, LeaveNothingBehindWhenDiscarded) {
    const auto id = world.send();
    {
        auto intake = world.open();
        TrackingWorld::record_all(*intake, std::vector(1'200, world.pixel_of(id)));
        intake->stop();
    }
    ASSERT_FALSE(world.events_of(id).empty());
    ASSERT_TRUE(run(world.messages.discard(world.account, id)));
    EXPECT_EQ(run(world.messages.get(world.account, id)).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(run(world.events.latest(world.account, 10, {}))->empty());
    EXPECT_EQ(run(world.documents.get(kTallies, id.raw)).error().kind, ErrorKind::not_found);
}

TEST_F(MessagesTest, HaveTheirEventsInOrderPageByPage) {
    const auto id = world.send();
    const auto other = world.send();
    {
        auto intake = world.open();
        for (int i = 0; i < 5; ++i) {
            world.clock.advance(1s);
            TrackingWorld::record_all(*intake, {world.pixel_of(id)});
            world.clock.advance(1s);
            TrackingWorld::record_all(*intake, {world.pixel_of(other)});
        }
    }
    const auto all = world.events_of(id);
    ASSERT_EQ(all.size(), 5U);
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].event.at, all[i].event.at);
    const auto rest = run(world.events.of_message(world.account, id, 10, all[2].event.id)).value();
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_EQ(rest[0].event.id, all[3].event.id);

    const auto latest = run(world.events.latest(world.account, 4, {})).value();
    ASSERT_EQ(latest.size(), 4U);
    EXPECT_EQ(latest[0].event.message, other) << "newest first, of all messages";
    EXPECT_EQ(latest[1].event.id, all[4].event.id);
    EXPECT_EQ(run(world.events.latest(world.account, 100, latest[3].event.id))->size(), 6U);
    EXPECT_EQ(run(world.events.latest(stranger, 4, latest[3].event.id)).error().kind, ErrorKind::not_found);
}

TEST(ReadStatus, RanksWhatIsKnown) {
    EXPECT_EQ(status_of({}), ReadStatus::none);
    EXPECT_EQ(status_of({.prefetches = 1}), ReadStatus::prefetched);
    EXPECT_EQ(status_of({.opens_by_people = 1, .prefetches = 1}), ReadStatus::read);
    EXPECT_EQ(status_of({.clicks_by_people = 1}), ReadStatus::clicked);
    EXPECT_EQ(status_of({.clicks_by_people = 1, .replies = 1}), ReadStatus::replied);
    EXPECT_EQ(status_of({.opens_by_machines = 3, .opens_by_sender = 2}), ReadStatus::none);
    EXPECT_EQ(status_of({.prefetches = 1, .bounces = 1}), ReadStatus::bounced);
}

TEST(ReadStatus, OfAMessageIsItsBestRecipients) {
    Tally tally;
    tally.recipients[0] = {.bounces = 1};
    EXPECT_EQ(tally.status(), ReadStatus::bounced);
    tally.recipients[1] = {.opens_by_people = 1};
    EXPECT_EQ(tally.status(), ReadStatus::read) << "one bounce does not hide another's reading";
    EXPECT_EQ(tally.total().bounces, 1);
}

}  // namespace
}  // namespace inboxpro
