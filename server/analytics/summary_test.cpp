#include "analytics/summary.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "tracking/events.h"
#include "tracking/mentions.h"

namespace inboxpro {
namespace {

Message message_to(std::vector<std::string> addresses) {
    Message message;
    for (auto& address : addresses) message.recipients.push_back({.address = std::move(address)});
    return message;
}

Tally tally_of(RecipientTally recipient) {
    return {.recipients = {{TrackingToken::kAnyRecipient, recipient}}};
}

TEST(Count, PutsEveryDeliveredMailIntoOnePlace) {
    SummaryRow row;
    count(row, message_to({"a@x.example"}), Tally{}, false);
    count(row, message_to({"a@x.example"}), tally_of({.opens_by_people = 7}), false);
    count(row, message_to({"a@x.example"}), tally_of({.opens_by_machines = 3}), false);
    count(row, message_to({"a@x.example"}), tally_of({.prefetches = 1}), false);
    count(row, message_to({"a@x.example"}), tally_of({.opens_by_machines = 1, .prefetches = 1}), false);
    EXPECT_EQ(row.sent, 5);
    EXPECT_EQ(row.delivered, 5);
    EXPECT_EQ(row.read, 1) << "seven opens are one reader";
    EXPECT_EQ(row.machine, 1);
    EXPECT_EQ(row.unknown, 2) << "a prefetch may hide a reader, whatever machines came besides";
}

TEST(Count, TakesAHumanClickForARead) {
    SummaryRow row;
    count(row, message_to({"a@x.example"}), tally_of({.clicks_by_people = 2}), false);
    EXPECT_EQ(row.read, 1);
    EXPECT_EQ(row.clicked, 1);
}

TEST(Count, NeverCountsUntrackedMailAsUnread) {
    SummaryRow row;
    auto message = message_to({"a@x.example"});
    message.not_tracked_because = "signed_or_encrypted";
    count(row, message, Tally{}, false);
    EXPECT_EQ(row.delivered, 1);
    EXPECT_EQ(row.not_tracked, 1);
    EXPECT_EQ(row.read + row.unknown + row.machine, 0);
}

TEST(Count, NeverCountsMailAsUnreadWhoseRecipientObjectedBeforeAnySign) {
    SummaryRow row;
    count(row, message_to({"a@x.example"}), Tally{}, true);
    count(row, message_to({"a@x.example"}), tally_of({.opens_by_people = 1}), true);
    count(row, message_to({"a@x.example"}), tally_of({.prefetches = 1}), true);
    EXPECT_EQ(row.delivered, 3);
    EXPECT_EQ(row.not_tracked, 1);
    EXPECT_EQ(row.read, 1) << "what was seen before stays";
    EXPECT_EQ(row.unknown, 1);
}

TEST(Count, DoesNotCallABouncedMailDelivered) {
    SummaryRow row;
    count(row, message_to({"a@x.example"}), tally_of({.bounces = 1}), false);
    EXPECT_EQ(row.sent, 1);
    EXPECT_EQ(row.delivered, 0);
}

struct ReportsTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store =
        make_memory_store({&kAccountKeys, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    Messages messages{documents};
    Tallies tallies{documents};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    Objections objections{documents, index, clock};
    Reports reports{messages, tallies, objections};
    AccountId account = AccountId::make(clock.now(), random);

    void SetUp() override {
        ASSERT_TRUE(testing::run(ring.create(AccountId{})));
        ASSERT_TRUE(testing::run(ring.create(account)));
    }
    void send(std::string time, std::vector<std::string> addresses) {
        auto message = message_to(std::move(addresses));
        message.created_at = *from_rfc3339(time);
        message.id = MessageId::make(message.created_at, random);
        message.account = account;
        ASSERT_TRUE(testing::run(messages.add(message)));
        ASSERT_TRUE(testing::run(messages.mark_sent(account, message.id, "g", "t", message.created_at)));
    }
    Summary summary(GroupBy by, std::string zone) {
        return testing::run(reports.summary(account, *from_rfc3339("2026-03-01T00:00:00Z"),
                                            *from_rfc3339("2026-12-01T00:00:00Z"), by, std::move(zone)))
            .value();
    }
};

TEST_F(ReportsTest, GroupByTheDayOfTheReadersZone) {
    send("2026-03-28T23:30:00Z", {"a@x.example"});
    send("2026-03-29T22:30:00Z", {"a@x.example"});
    const auto utc = summary(GroupBy::day, "UTC");
    ASSERT_EQ(utc.rows.size(), 2U);
    EXPECT_EQ(utc.rows[0].key, "2026-03-28");
    // Berlin is one hour ahead on the first evening and, after the clock change in between, two on the second.
    const auto berlin = summary(GroupBy::day, "Europe/Berlin");
    ASSERT_EQ(berlin.rows.size(), 2U);
    EXPECT_EQ(berlin.rows[0].key, "2026-03-29");
    EXPECT_EQ(berlin.rows[1].key, "2026-03-30");
    EXPECT_EQ(summary(GroupBy::hour, "Europe/Berlin").rows[0].key, "00");
}

TEST_F(ReportsTest, CountsAMailOnceForEachDomainAndOnceInTheTotals) {
    send("2026-06-01T10:00:00Z", {"a@x.example", "b@X.example", "c@y.example"});
    const auto by_domain = summary(GroupBy::recipient_domain, "UTC");
    ASSERT_EQ(by_domain.rows.size(), 2U);
    EXPECT_EQ(by_domain.rows[0].key, "x.example");
    EXPECT_EQ(by_domain.rows[0].sent, 1);
    EXPECT_EQ(by_domain.totals.sent, 1);
}

TEST_F(ReportsTest, KnowsWhoObjectedAfterTheMailWasSent) {
    send("2026-06-01T10:00:00Z", {"a@x.example"});
    send("2026-06-01T10:00:00Z", {"b@x.example"});
    EXPECT_EQ(summary(GroupBy::day, "UTC").totals.not_tracked, 0);
    ASSERT_TRUE(testing::run(objections.object(objections.person("A@x.example"))));
    EXPECT_EQ(summary(GroupBy::day, "UTC").totals.not_tracked, 1);
    EXPECT_EQ(summary(GroupBy::recipient_domain, "UTC").rows.at(0).not_tracked, 1);
}

TEST_F(ReportsTest, ReadsMoreThanOnePage) {
    for (int i = 0; i < 1'100; ++i) send("2026-06-01T10:00:00Z", {"a@x.example"});
    EXPECT_EQ(summary(GroupBy::day, "UTC").totals.sent, 1'100);
}

TEST_F(ReportsTest, NamesTheParameterOfAnUnknownZone) {
    const auto refused =
        testing::run(reports.summary(account, from_millis(0), from_millis(1), GroupBy::day, "Mars/Olympus"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "tz");
}

}  // namespace
}  // namespace inboxpro
