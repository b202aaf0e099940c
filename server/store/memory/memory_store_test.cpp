#include "store/memory/memory_store.h"

#include "store/contract/store_contract.h"

namespace inboxpro {
namespace {

const StoreMaker kMemory = {"store", [](const auto&, auto collections) { return make_memory_store(collections); }};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(kMemory), name_of_maker);
INSTANTIATE_TEST_SUITE_P(Memory, StoreQueries, ::testing::Values(kMemory), name_of_maker);

}  // namespace
}  // namespace inboxpro
