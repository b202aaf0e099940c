#include "tracking/intake/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::soon;

struct JournalTest : ::testing::Test {
    testing::FakeClock clock;
    SystemRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    testing::ScratchDirectory scratch;
    std::atomic<std::uint64_t> synced = 0;

    std::unique_ptr<Journal> open(std::uint64_t limit = 1 << 20) {
        auto journal = Journal::open(scratch.path, limit, keys.keys(KeyPurpose::journal), random,
                                     [this](std::uint64_t ticket) { synced = ticket; });
        EXPECT_TRUE(journal.has_value());
        return std::move(*journal);
    }
    Journal::Entry entry(std::string user_agent = "Mozilla/5.0") {
        Event event;
        event.id = EventId::make(clock.now(), random);
        event.kind = EventKind::click;
        event.account = AccountId::make(clock.now(), random);
        event.message = MessageId::make(clock.now(), random);
        event.link = 7;
        event.at = clock.now();
        event.method = "GET";
        event.user_agent = std::move(user_agent);
        event.address = "203.0.113.0";
        event.headers = {{"Sec-Purpose", "prefetch"}};
        return {.event = std::move(event), .admitted = true};
    }
    std::filesystem::path only_file() const {
        for (const auto& file : std::filesystem::directory_iterator(scratch.path))
            if (file.path().extension() == ".journal") return file.path();
        return {};
    }
    Bytes contents() const {
        std::ifstream in(only_file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void set_contents(const Bytes& bytes) const { std::ofstream(only_file(), std::ios::binary) << bytes; }

    /// Writes ten and gives what the file then holds.
    std::vector<EventId> write_ten() {
        std::vector<EventId> ids;
        const auto journal = open();
        for (int i = 0; i < 10; ++i) {
            const auto one = entry();
            ids.push_back(one.event.id);
            EXPECT_TRUE(journal->append(one).has_value());
        }
        return ids;
    }
    static std::vector<EventId> ids_of(const Journal::Segment& segment) {
        std::vector<EventId> ids;
        for (const auto& one : segment.entries) ids.push_back(one.event.id);
        return ids;
    }
};

TEST_F(JournalTest, GivesBackWhatItTookInOrder) {
    const auto ids = write_ten();
    const auto journal = open();
    EXPECT_EQ(journal->waiting(), 10U);
    const auto segment = journal->oldest().value();
    ASSERT_TRUE(segment.has_value());
    EXPECT_EQ(ids_of(*segment), ids);
    const auto& event = segment->entries[3].event;
    EXPECT_EQ(event.link, 7);
    EXPECT_FALSE(event.recipient.has_value());
    EXPECT_EQ(event.kind, EventKind::click);
    EXPECT_EQ(event.at, clock.now());
    EXPECT_EQ(event.address, "203.0.113.0");
    EXPECT_EQ(event.headers.at(0).second, "prefetch");
    EXPECT_TRUE(segment->entries[3].admitted);
    journal->remove(*segment);
    EXPECT_EQ(journal->waiting(), 0U);
    EXPECT_TRUE(only_file().empty());
    EXPECT_FALSE(journal->oldest().value().has_value());
}

TEST_F(JournalTest, SaysWhenAnEventIsOnDisk) {
    const auto journal = open();
    const auto ticket = journal->append(entry());
    ASSERT_TRUE(ticket.has_value());
    EXPECT_TRUE(soon([&] { return synced == *ticket; }));
}

TEST_F(JournalTest, ShowsNothingOfAnEventOnDisk) {
    {
        const auto journal = open();
        ASSERT_TRUE(journal->append(entry("canary-in-the-user-agent")).has_value());
    }
    const auto bytes = contents();
    EXPECT_FALSE(bytes.empty());
    EXPECT_EQ(bytes.find("canary"), Bytes::npos);
    EXPECT_EQ(bytes.find("203.0.113"), Bytes::npos);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(only_file()).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(JournalTest, ReadsTheRestWhereverItIsCutOff) {
    const auto ids = write_ten();
    const auto whole = contents();
    for (std::size_t length = 0; length < whole.size(); length += 37) {
        set_contents(whole.substr(0, length));
        const auto journal = open();
        const auto segment = journal->oldest().value();
        ASSERT_TRUE(segment.has_value());
        const auto read = ids_of(*segment);
        const auto expected = length * ids.size() / whole.size();
        ASSERT_EQ(read.size(), expected) << length;
        EXPECT_TRUE(std::equal(read.begin(), read.end(), ids.begin()));
        EXPECT_EQ(segment->damaged, length % (whole.size() / ids.size()) == 0 ? 0U : 1U) << length;
    }
}

TEST_F(JournalTest, LosesOneEventToOneFlippedBit) {
    const auto ids = write_ten();
    const auto whole = contents();
    for (std::size_t at = 0; at < whole.size(); at += 11) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        set_contents(bytes);
        const auto journal = open();
        const auto segment = journal->oldest().value();
        ASSERT_EQ(segment->entries.size(), 9U) << "flipped at " << at;
        ASSERT_EQ(segment->damaged, 1U) << "flipped at " << at;
    }
}

TEST_F(JournalTest, SetsADamagedFileAsideAndGoesOn) {
    write_ten();
    auto bytes = contents();
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    set_contents(bytes);
    const auto damaged = only_file();
    const auto journal = open();
    journal->remove(**journal->oldest());
    EXPECT_FALSE(std::filesystem::exists(damaged));
    EXPECT_TRUE(std::filesystem::exists(damaged.string() + ".damaged"));
    ASSERT_TRUE(journal->append(entry()).has_value());
    EXPECT_FALSE(journal->oldest().value().has_value()) << "it is still being written";
    journal->close_file();
    EXPECT_EQ(journal->oldest().value()->entries.size(), 1U);
}

TEST_F(JournalTest, DropsAFileWhoseEventsAreAllStored) {
    const auto journal = open();
    std::vector<std::uint64_t> tickets;
    for (int i = 0; i < 3; ++i) tickets.push_back(journal->append(entry()).value());
    journal->settle(tickets[1]);
    journal->close_file();
    EXPECT_EQ(journal->waiting(), 3U);
    EXPECT_EQ(journal->oldest().value()->entries.size(), 3U);
    journal->settle(tickets[0]);
    journal->settle(tickets[2]);
    EXPECT_EQ(journal->waiting(), 0U);
    EXPECT_TRUE(only_file().empty());
    EXPECT_FALSE(journal->oldest().value().has_value());
}

TEST_F(JournalTest, TakesManyTogetherOrNone) {
    const std::vector<Journal::Entry> entries{entry("first"), entry("second"), entry("third")};
    std::vector<Journal::EntryView> views;
    for (const auto& one : entries) views.push_back({.event = one.event, .admitted = one.admitted});
    const auto journal = open();
    const auto before = journal->append(entry()).value();
    EXPECT_EQ(journal->append_all(views), before + 1);
    EXPECT_EQ(journal->append(entry()), before + 4);
    EXPECT_TRUE(soon([&] { return synced == before + 4; }));
    journal->close_file();
    const auto read = journal->oldest().value();
    ASSERT_EQ(read->entries.size(), 5U);
    for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(read->entries[i + 1].event.id, entries[i].event.id);
    journal->remove(*read);

    testing::ScratchDirectory small;
    const auto full = Journal::open(small.path, 300, keys.keys(KeyPurpose::journal), random, [](std::uint64_t) {});
    EXPECT_FALSE((*full)->append_all(views));
    EXPECT_EQ((*full)->waiting(), 0U);
}

TEST_F(JournalTest, SealsAtMostSixtyFourTogether) {
    std::vector<Journal::Entry> entries;
    for (int i = 0; i < 130; ++i) entries.push_back(entry(std::to_string(i)));
    entries[100].admitted = false;
    std::vector<Journal::EntryView> views;
    for (const auto& one : entries) views.push_back({.event = one.event, .admitted = one.admitted});
    {
        const auto journal = open();
        EXPECT_EQ(journal->append_all(views), 1U);
        EXPECT_EQ(journal->waiting(), 130U);
    }
    const auto whole = contents();
    const auto read_all = [&] { return *open()->oldest().value(); };
    const auto segment = read_all();
    ASSERT_EQ(segment.entries.size(), 130U);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(segment.entries[i].event.id, entries[i].event.id);
        EXPECT_EQ(segment.entries[i].admitted, i != 100);
    }
    auto bytes = whole;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    set_contents(bytes);
    EXPECT_EQ(read_all().entries.size(), 66U);
    EXPECT_EQ(open()->waiting(), 66U) << "what does not open does not wait";
}

TEST_F(JournalTest, SaysHowFullItIs) {
    const auto journal = open(2'000);
    EXPECT_EQ(journal->fullness(), 0);
    ASSERT_TRUE(journal->append(entry(std::string(900, 'x'))).has_value());
    EXPECT_GT(journal->fullness(), 0.45);
    EXPECT_LE(journal->fullness(), 1);
    journal->close_file();
    journal->remove(**journal->oldest());
    EXPECT_EQ(journal->fullness(), 0);
}

TEST_F(JournalTest, KeepsTheFileOfALaterEvent) {
    const auto journal = open();
    const auto first = journal->append(entry()).value();
    journal->settle(first);
    const auto second = journal->append(entry()).value();
    journal->close_file();
    const auto third = journal->append(entry()).value();
    journal->settle(third);
    EXPECT_EQ(journal->oldest().value()->entries.size(), 2U);
    journal->settle(second);
    EXPECT_FALSE(journal->oldest().value().has_value());
    journal->close_file();
    EXPECT_EQ(journal->waiting(), 0U);
    journal->settle(third);
    EXPECT_EQ(journal->waiting(), 0U) << "what has gone is not counted twice";
}

TEST_F(JournalTest, TakesNoMoreThanItsLimit) {
    const auto journal = open(2'000);
    std::size_t taken = 0;
    while (journal->append(entry()).has_value() && taken < 1'000) ++taken;
    EXPECT_GT(taken, 0U);
    EXPECT_LT(taken, 1'000U);
    EXPECT_LE(std::filesystem::file_size(only_file()), 2'000U);
    journal->close_file();
    journal->remove(**journal->oldest());
    EXPECT_TRUE(journal->append(entry()).has_value()) << "there is room again";
}

TEST_F(JournalTest, KeepsTheNodesIdOverRestarts) {
    const auto first = open()->node_id(clock.now());
    const auto second = open()->node_id(clock.now());
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(*first, *second);
}

TEST_F(JournalTest, SaysPlainlyThatItsDirectoryCannotBeMade) {
    std::ofstream(scratch.path / "file") << "in the way";
    const auto refused =
        Journal::open(scratch.path / "file" / "journal", 1, keys.keys(KeyPurpose::journal), random, {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().detail.find("journal directory"), std::string::npos);
}

}  // namespace
}  // namespace inboxpro
