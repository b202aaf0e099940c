#include "outbox/ledger.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using testing::run;

struct LedgerTest : ::testing::Test {
    testing::FakeClock clock;
    testing::SeededRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store = make_memory_store({&kAccountKeys, &kSendLedger});
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    Ledger ledger{documents, clock, random};
    AccountId ann = AccountId::make(clock.now(), random);
    MessageId mail = MessageId::make(clock.now(), random);

    void SetUp() override { ASSERT_TRUE(run(ring.create(ann))); }
    void append(LedgerWord word) { ASSERT_TRUE(run(ledger.append(ann, mail, 1, word))); }
    std::vector<Document> all() {
        return run(documents.find(kSendLedger, {.index = "by_account_number", .equals = {Bytes(ann.view())}})).value();
    }
};

TEST_F(LedgerTest, TellsWhatHappenedToAMailInOrder) {
    append(LedgerWord::intent);
    append(LedgerWord::unclear);
    append(LedgerWord::found);
    const auto entries = run(ledger.of_message(ann, mail)).value();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(name_of(entries[0].word), "intent");
    EXPECT_EQ(name_of(entries[2].word), "found");
    EXPECT_EQ(entries[2].previous, entries[1].hash);
    EXPECT_EQ(run(ledger.verify(ann)).value(), 3U);
    EXPECT_TRUE(run(ledger.of_message(AccountId::make(clock.now(), random), mail)).value().empty());
}

TEST_F(LedgerTest, NoticesAnEntryThatIsMissing) {
    for (int i = 0; i < 5; ++i) append(LedgerWord::intent);
    ASSERT_TRUE(run(documents.erase(kSendLedger, all().at(2).id)));
    const auto verified = run(ledger.verify(ann));
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(verified.error().detail, "the ledger is broken at entry 3");
}

TEST_F(LedgerTest, NoticesEveryChangeOfAnEntryEvenBySomebodyWhoCanSeal) {
    append(LedgerWord::intent);
    append(LedgerWord::unclear);
    append(LedgerWord::found);
    const auto original = all().at(1);
    const std::vector<std::function<void(Document&)>> changes{
        [](Document& entry) { entry.body["word"] = static_cast<int>(LedgerWord::sent); },
        [](Document& entry) { entry.body["at"] = entry.body["at"].as_int64() + 1; },
        [](Document& entry) { entry.body["epoch"] = 2; },
        [](Document& entry) { entry.body["previous"] = std::string(64, '0'); },
        [](Document& entry) { entry.body["hash"] = std::string(64, '0'); },
        [&](Document& entry) { entry.fields.at(1) = Bytes(MessageId::make(clock.now(), random).view()); }};
    for (const auto& change : changes) {
        auto changed = all().at(1);
        change(changed);
        ASSERT_TRUE(run(documents.replace(kSendLedger, changed)));
        EXPECT_FALSE(run(ledger.verify(ann)));
        changed = original;
        changed.version = all().at(1).version;
        ASSERT_TRUE(run(documents.replace(kSendLedger, changed)));
        ASSERT_TRUE(run(ledger.verify(ann)));
    }
}

TEST_F(LedgerTest, StaysOneChainWhenManyAppendAtOnceOnSeveralNodes) {
    Ledger other{documents, clock, random};
    boost::asio::io_context loop;
    for (int i = 0; i < 100; ++i)
        boost::asio::co_spawn(loop, (i % 2 == 0 ? ledger : other).append(ann, mail, i, LedgerWord::intent),
                              [](std::exception_ptr, Result<void> kept) { EXPECT_TRUE(kept); });
    loop.run();
    EXPECT_EQ(run(ledger.verify(ann)).value(), 100U);
}

TEST_F(LedgerTest, GoesOnBehindAnEntryThatCannotBeReadAndTellsOfIt) {
    append(LedgerWord::intent);
    auto record = run(store->get(kSendLedger, all().at(0).id)).value();
    record.payload.back() = static_cast<char>(record.payload.back() ^ 1);
    ASSERT_TRUE(run(store->replace(kSendLedger, record)));
    append(LedgerWord::sent);
    EXPECT_EQ(run(ledger.verify(ann)).error().detail, "the ledger is broken at entry 1");
}

}  // namespace
}  // namespace inboxpro
