#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

#include "store/contract/store_contract.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using testing::run;

enum class Disk { fine, full, write_fails, sync_fails };
std::atomic<Disk> disk = Disk::fine;

/// A file of the real VFS behind one whose writes and syncs fail on demand.
struct FailingFile {
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
FailingFile* failing(sqlite3_file* file) {
    return reinterpret_cast<FailingFile*>(file);
}
template <auto Method, class... Args>
int forward(sqlite3_file* file, Args... args) {
    auto* const real = failing(file)->real();
    return (real->pMethods->*Method)(real, args...);
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    if (disk == Disk::full) return SQLITE_FULL;
    if (disk == Disk::write_fails) return SQLITE_IOERR_WRITE;
    return forward<&sqlite3_io_methods::xWrite>(file, data, size, offset);
}
int sync(sqlite3_file* file, int flags) {
    if (disk == Disk::sync_fails) return SQLITE_IOERR_FSYNC;
    return forward<&sqlite3_io_methods::xSync>(file, flags);
}

using Methods = sqlite3_io_methods;
const Methods kMethods = {
    .iVersion = 2,
    .xClose = [](sqlite3_file* f) { return forward<&Methods::xClose>(f); },
    .xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return forward<&Methods::xRead>(f, to, n, at); },
    .xWrite = write,
    .xTruncate = [](sqlite3_file* f, sqlite3_int64 n) { return forward<&Methods::xTruncate>(f, n); },
    .xSync = sync,
    .xFileSize = [](sqlite3_file* f, sqlite3_int64* n) { return forward<&Methods::xFileSize>(f, n); },
    .xLock = [](sqlite3_file* f, int l) { return forward<&Methods::xLock>(f, l); },
    .xUnlock = [](sqlite3_file* f, int l) { return forward<&Methods::xUnlock>(f, l); },
    .xCheckReservedLock = [](sqlite3_file* f, int* l) { return forward<&Methods::xCheckReservedLock>(f, l); },
    .xFileControl = [](sqlite3_file* f, int op, void* arg) { return forward<&Methods::xFileControl>(f, op, arg); },
    .xSectorSize = [](sqlite3_file* f) { return forward<&Methods::xSectorSize>(f); },
    .xDeviceCharacteristics = [](sqlite3_file* f) { return forward<&Methods::xDeviceCharacteristics>(f); },
    .xShmMap = [](sqlite3_file* f, int page, int size, int extend,
                  void volatile** at) { return forward<&Methods::xShmMap>(f, page, size, extend, at); },
    .xShmLock = [](sqlite3_file* f, int at, int n, int flags) { return forward<&Methods::xShmLock>(f, at, n, flags); },
    .xShmBarrier =
        [](sqlite3_file* f) {
            auto* const real = failing(f)->real();
            real->pMethods->xShmBarrier(real);
        },
    .xShmUnmap = [](sqlite3_file* f, int gone) { return forward<&Methods::xShmUnmap>(f, gone); },
};

sqlite3_vfs* real_vfs = nullptr;

int open_failing(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    const int code = real_vfs->xOpen(real_vfs, name, failing(file)->real(), flags, flags_out);
    file->pMethods = code == SQLITE_OK ? &kMethods : nullptr;
    return code;
}

const Collection kBareThings = {.name = "things", .fields = {}, .indexes = {}};

Record bare_thing(char letter, std::size_t size = 10) {
    return {.id = RawId::from_bytes(Bytes(16, letter)).value(), .fields = {}, .payload = Bytes(size, 'p')};
}

class FailingDisk : public ::testing::Test {
  protected:
    FailingDisk() {
        real_vfs = sqlite3_vfs_find(nullptr);
        vfs_ = *real_vfs;
        vfs_.zName = "failing";
        vfs_.szOsFile = real_vfs->szOsFile + static_cast<int>(sizeof(FailingFile));
        vfs_.xOpen = open_failing;
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~FailingDisk() override {
        disk = Disk::fine;
        store_.reset();
        sqlite3_vfs_register(real_vfs, 1);
        sqlite3_vfs_unregister(&vfs_);
        std::filesystem::remove_all(directory_);
    }
    Result<std::unique_ptr<Store>> open() const {
        return open_sqlite_store({.file = directory_ / "test.db"}, {&kBareThings});
    }

    std::filesystem::path directory_ = make_test_directory();
    sqlite3_vfs vfs_{};
    std::unique_ptr<Store> store_;
};

TEST_F(FailingDisk, ThatIsFullAtStartIsNamed) {
    disk = Disk::full;
    const auto store = open();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(store.error().detail, (directory_ / "test.db").string() + ": The disk that holds the database is full.");
}

TEST_F(FailingDisk, ThatIsFullRefusesWritesUntilThereIsSpace) {
    store_ = open().value();
    ASSERT_TRUE(run(store_->insert(kBareThings, bare_thing('a'))));
    disk = Disk::full;
    EXPECT_EQ(run(store_->insert(kBareThings, bare_thing('b'))).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(store_->insert_many(kBareThings, {bare_thing('c', 100'000), bare_thing('d')})).error().kind,
              ErrorKind::unavailable);
    EXPECT_EQ(run(store_->check()).error().detail, "The disk that holds the database is full.");
    EXPECT_TRUE(run(store_->get(kBareThings, bare_thing('a').id)));
    disk = Disk::fine;
    EXPECT_TRUE(run(store_->check()));
    EXPECT_TRUE(run(store_->insert(kBareThings, bare_thing('b'))));
    EXPECT_TRUE(run(store_->insert_many(kBareThings, {bare_thing('c', 100'000), bare_thing('d')})));
}

TEST_F(FailingDisk, ThatFailedOnceIsNotTrustedAgain) {
    for (const auto failure : {Disk::sync_fails, Disk::write_fails}) {
        store_ = open().value();
        ASSERT_TRUE(run(store_->erase(kBareThings, bare_thing('a').id)));
        ASSERT_TRUE(run(store_->insert(kBareThings, bare_thing('a'))));
        disk = failure;
        EXPECT_EQ(run(store_->insert(kBareThings, bare_thing('b'))).error().kind, ErrorKind::unavailable);
        disk = Disk::fine;
        EXPECT_EQ(run(store_->insert(kBareThings, bare_thing('b'))).error().detail,
                  "A write to the disk failed; check the disk, then start InboxPro again.");
        EXPECT_EQ(run(store_->check()).error().kind, ErrorKind::unavailable);
        EXPECT_TRUE(run(store_->get(kBareThings, bare_thing('a').id)));
        store_.reset();
        store_ = open().value();
        EXPECT_TRUE(run(store_->get(kBareThings, bare_thing('a').id)));
        EXPECT_TRUE(run(store_->check()));
    }
}

TEST_F(FailingDisk, FailsAllThatWouldHaveBeenCommittedTogether) {
    store_ = open().value();
    disk = Disk::full;
    boost::asio::io_context loop;
    int refused = 0;
    for (char letter = 'a'; letter <= 'z'; ++letter)
        boost::asio::co_spawn(loop, store_->insert(kBareThings, bare_thing(letter)),
                              [&](const std::exception_ptr&, const Result<void>& outcome) {
                                  refused += !outcome && outcome.error().kind == ErrorKind::unavailable;
                              });
    loop.run();
    EXPECT_EQ(refused, 26);
    disk = Disk::fine;
    for (char letter = 'a'; letter <= 'z'; ++letter) EXPECT_TRUE(run(store_->insert(kBareThings, bare_thing(letter))));
}

}  // namespace
}  // namespace inboxpro
