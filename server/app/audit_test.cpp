#include "app/audit.h"

#include <gtest/gtest.h>

#include "app/collections.h"
#include "outbox/ledger.h"
#include "store/memory/memory_store.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro::app {
namespace {

using testing::run;

TEST(Audit, NamesTheAccountWhoseLedgerIsBrokenAndWhere) {
    testing::FakeClock clock;
    testing::SeededRandom random;
    Node node(KeyFile::in_memory(random), make_memory_store(all_collections()), clock);
    Ledger ledger(node.documents, clock, node.random);
    std::vector<AccountId> accounts;
    for (const auto* name : {"ann", "bob"}) {
        const Account fresh{.email = std::string(name) + "@example.com", .google_subject = name};
        accounts.push_back(run(node.accounts.create(fresh)).value().id);
        for (int i = 0; i < 3; ++i)
            run(ledger.append(accounts.back(), MessageId::make(clock.now(), random), 1, LedgerWord::intent)).value();
    }
    const auto intact = verify_ledgers(node).value();
    EXPECT_EQ(intact.accounts, 2U);
    EXPECT_EQ(intact.entries, 6U);
    EXPECT_TRUE(intact.broken.empty());

    const auto of_bob =
        run(node.store->find(kSendLedger, {.index = "by_account_number", .equals = {Bytes(accounts[1].view())}}))
            .value();
    ASSERT_EQ(of_bob.size(), 3U);
    run(node.store->erase(kSendLedger, of_bob[1].id)).value();
    const auto broken = verify_ledgers(node).value();
    EXPECT_EQ(broken.entries, 3U);
    ASSERT_EQ(broken.broken.size(), 1U);
    EXPECT_EQ(broken.broken[0], "account " + accounts[1].text() + ": the ledger is broken at entry 2");
}

}  // namespace
}  // namespace inboxpro::app
