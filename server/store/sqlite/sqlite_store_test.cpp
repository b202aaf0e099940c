#include "store/sqlite/sqlite_store.h"

#include "store/contract/store_contract.h"

namespace inboxpro {
namespace {

const StoreMaker kSqlite = {"store", [](const auto& directory, auto collections) {
                                return open_sqlite_store({.file = directory / "test.db"}, collections).value();
                            }};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, ::testing::Values(kSqlite), name_of_maker);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreQueries, ::testing::Values(kSqlite), name_of_maker);

}  // namespace
}  // namespace inboxpro
