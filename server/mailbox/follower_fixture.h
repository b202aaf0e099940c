#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include "mailbox/mailbox_world.h"

namespace inboxpro::testing {

inline const Person kAnn{};
inline const Person kBen{.subject = "2002", .email = "ben@example.com", .name = "Ben"};

enum class StoreKind { memory, sqlite };

inline std::filesystem::path database_for(StoreKind kind) {
    static int count = 0;
    if (kind == StoreKind::memory) return {};
    return std::filesystem::temp_directory_path() / fmt::format("inboxpro-mailbox-{}-{}", getpid(), ++count) / "t.db";
}

/// The same promises over both stores.
class FollowerTest : public ::testing::TestWithParam<StoreKind> {
  protected:
    FollowerTest() {
        if (!file_.empty()) std::filesystem::create_directories(file_.parent_path());
        world_ = std::make_unique<MailboxWorld>(file_, "projects/p/topics/t");
    }
    ~FollowerTest() override {
        world_.reset();
        if (!file_.empty()) std::filesystem::remove_all(file_.parent_path());
    }
    std::filesystem::path file_ = database_for(GetParam());
    std::unique_ptr<MailboxWorld> world_;
};

inline std::string name_of(const ::testing::TestParamInfo<StoreKind>& info) {
    return info.param == StoreKind::memory ? "Memory" : "Sqlite";
}

}  // namespace inboxpro::testing
