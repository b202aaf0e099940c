#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "store/store.h"

namespace inboxpro {

/// How one implementation of Store comes to a test: opened on these collections in an empty directory of its own.
struct StoreMaker {
    std::string name;
    std::function<std::unique_ptr<Store>(const std::filesystem::path&, std::vector<const Collection*>)> open;
};

/// What every implementation promises, as store.h says it. Instantiate both suites beside the implementation:
///     INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(StoreMaker{...}), name_of_maker);
///     INSTANTIATE_TEST_SUITE_P(Memory, StoreQueries, ::testing::Values(StoreMaker{...}), name_of_maker);
class StoreContract : public ::testing::TestWithParam<StoreMaker> {
  protected:
    StoreContract();
    ~StoreContract() override;

    std::filesystem::path directory_;
    std::unique_ptr<Store> store_;
};

/// The same for find() and erase() by query. Places of the records: two empty ones, then 10, 10, 20, 30; and one record
/// of another account in between.
class StoreQueries : public StoreContract {
  protected:
    StoreQueries();
    /// Numbers of the records of the first account that the query finds in the index of places.
    std::vector<int> found(Query query);
};

inline std::string name_of_maker(const ::testing::TestParamInfo<StoreMaker>& maker) {
    return maker.param.name;
}

/// An empty directory that nobody else uses.
std::filesystem::path make_test_directory();

}  // namespace inboxpro
