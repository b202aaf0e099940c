#include "store/sqlite/sqlite_store.h"

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "store/contract/store_contract.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using ::testing::EndsWith;
using testing::run;

const StoreMaker kSqlite = {"store", [](const auto& directory, auto collections) {
                                return open_sqlite_store({.file = directory / "test.db"}, collections).value();
                            }};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, ::testing::Values(kSqlite), name_of_maker);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreQueries, ::testing::Values(kSqlite), name_of_maker);

const Collection kPlacedThings = {.name = "things",
                                  .fields = {{"place", FieldKind::integer}},
                                  .indexes = {{.name = "by_place", .fields = {"place"}}}};
const Collection kLaterThings = {
    .name = "things",
    .fields = {{"place", FieldKind::integer}, {"colour", FieldKind::bytes}},
    .indexes = {{.name = "by_place", .fields = {"place"}}, {.name = "by_colour", .fields = {"colour", "place"}}}};

RawId id(std::uint32_t number) {
    Bytes bytes(12, '\0');
    append_u32(bytes, number);
    return RawId::from_bytes(bytes).value();
}
Record placed_thing(std::uint32_t number, Bytes payload = "payload") {
    return {.id = id(number), .fields = {number}, .payload = std::move(payload), .counters = {}};
}

class SqliteStore : public ::testing::Test {
  protected:
    ~SqliteStore() override { std::filesystem::remove_all(directory_); }

    Result<std::unique_ptr<Store>> open(const Collection& collection = kPlacedThings) const {
        return open_sqlite_store({.file = file_}, {&collection});
    }
    Error refusal() const {
        auto store = open();
        return store ? Error{.kind = ErrorKind::invalid, .detail = "it was opened"} : store.error();
    }
    void write(std::string_view content) const { std::ofstream{file_} << content; }

    std::filesystem::path directory_ = make_test_directory();
    std::filesystem::path file_ = directory_ / "test.db";
};

/// As many index entries as a mail that waits has.
const Collection kIndexedThings = {
    .name = "things",
    .fields = {{"place", FieldKind::integer}, {"a", FieldKind::integer}, {"b", FieldKind::integer}},
    .indexes = {{.name = "by_place", .fields = {"place"}},
                {.name = "by_a", .fields = {"a", "b"}},
                {.name = "by_b", .fields = {"b"}}}};

TEST_F(SqliteStore, WritesOnlyTheIndexesThatAReplacementChanges) {
    constexpr std::uint32_t kMany = 3'000, kReplaced = 20;
    const auto log = directory_ / "test.db-wal";
    const auto bytes_of = [&](bool all_fields) {
        auto store = open(kIndexedThings).value();
        std::vector<Record> things;
        for (std::uint32_t i = 0; i < kMany; ++i) {
            things.push_back(placed_thing(i));
            things.back().fields = {i, kMany - i, i * 7 % kMany};
        }
        EXPECT_TRUE(run(store->insert_many(kIndexedThings, things)));
        const auto before = std::filesystem::file_size(log);
        for (std::uint32_t i = 0; i < kReplaced; ++i) {
            auto changed = run(store->get(kIndexedThings, id(100 + i * 100))).value();
            changed.fields[0] = kMany + i;
            if (all_fields) changed.fields[1] = kMany + i, changed.fields[2] = kMany + i;
            EXPECT_EQ(run(store->replace(kIndexedThings, changed)), changed.version + 1);
        }
        const auto written = std::filesystem::file_size(log) - before;
        store.reset();
        std::filesystem::remove(file_);
        return written;
    };
    const auto one = bytes_of(false), all = bytes_of(true);
    // A page of the table, and two of each index that the record moves in.
    EXPECT_LE(one, kReplaced * 4 * 4'200) << all;
    EXPECT_GE(all, one * 3 / 2);
}

TEST_F(SqliteStore, HasEverythingWhenItIsOpenedAgain) {
    ASSERT_TRUE(run(open().value()->insert(kPlacedThings, placed_thing(1))));
    const auto store = open().value();
    EXPECT_EQ(run(store->get(kPlacedThings, id(1)))->payload, "payload");
    EXPECT_TRUE(run(store->insert(kPlacedThings, placed_thing(2))));
}

TEST_F(SqliteStore, IsReadableByItsOwnerOnly) {
    const auto before = ::umask(0);
    const auto store = open().value();
    ASSERT_TRUE(run(store->insert(kPlacedThings, placed_thing(1))));
    ::umask(before);
    for (const auto& entry : std::filesystem::directory_iterator{directory_}) {
        struct stat status{};
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
    }
}

TEST_F(SqliteStore, LearnsNewFieldsAndIndexes) {
    ASSERT_TRUE(run(open().value()->insert(kPlacedThings, placed_thing(1))));
    const auto store = open(kLaterThings).value();
    const auto old_record = run(store->get(kLaterThings, id(1))).value();
    EXPECT_EQ(old_record.fields, (std::vector<Value>{1, {}}));
    auto record = placed_thing(2);
    record.fields = {5, Bytes("red")};
    ASSERT_TRUE(run(store->insert(kLaterThings, record)));
    EXPECT_EQ(run(store->find(kLaterThings, {.index = "by_colour", .equals = {Bytes("red")}}))->size(), 1U);
}

TEST_F(SqliteStore, RefusesWhatANewerVersionMade) {
    ASSERT_TRUE(open(kLaterThings));
    EXPECT_EQ(refusal().kind, ErrorKind::conflict);
    EXPECT_EQ(refusal().detail, "A newer version of InboxPro made the database " + file_.string() + ".");
    ASSERT_TRUE(open(kLaterThings));
    SQLite::Database{file_.string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 99");
    EXPECT_EQ(open(kLaterThings).error().kind, ErrorKind::conflict);
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabase) {
    for (const auto& content : {std::string{"short"}, std::string(10'000, 'x'), std::string(4'096, '\0') + "x"}) {
        write(content);
        EXPECT_EQ(refusal().kind, ErrorKind::corrupt);
        EXPECT_EQ(refusal().detail, "The file " + file_.string() + " is no database of InboxPro.");
        EXPECT_EQ(std::filesystem::file_size(file_), content.size());
    }
}

TEST_F(SqliteStore, RefusesTheDatabaseOfAnotherProgram) {
    SQLite::Database{file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE t (x)");
    EXPECT_EQ(refusal().kind, ErrorKind::corrupt);
    EXPECT_EQ(refusal().detail, "The file " + file_.string() + " is no database of InboxPro.");
}

TEST_F(SqliteStore, SaysWhenThereIsNoDirectoryForIt) {
    const auto path = directory_ / "absent" / "test.db";
    const auto store = open_sqlite_store({.file = path}, {&kPlacedThings});
    EXPECT_EQ(store.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(store.error().detail, "The database " + path.string() + " cannot be made: No such file or directory.");
}

TEST_F(SqliteStore, SaysWhenADirectoryStandsInItsPlace) {
    std::filesystem::create_directory(file_);
    EXPECT_EQ(refusal().kind, ErrorKind::denied);
    EXPECT_EQ(refusal().detail, "The database " + file_.string() + " cannot be opened and written.");
}

/// In a child process, as a user for whom permissions hold: whether opening is refused as denied.
int denied_to_others(const SqliteOptions& options) {
    const ::pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::setuid(65'534) != 0) ::_exit(3);
        const auto store = open_sqlite_store(options, {&kPlacedThings});
        ::_exit(!store && store.error().kind == ErrorKind::denied ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(SqliteStore, SaysWhenItMayNotBeWritten) {
    ::chmod(directory_.c_str(), 0555);
    EXPECT_EQ(denied_to_others({.file = file_}), 0);
    ::chmod(directory_.c_str(), 0777);
    ASSERT_TRUE(open());
    ::chmod(file_.c_str(), 0444);
    EXPECT_EQ(denied_to_others({.file = file_}), 0);
    ::chmod(directory_.c_str(), 0700);
}

TEST_F(SqliteStore, SurvivesDamageToItsFile) {
    {
        const auto store = open().value();
        for (std::uint32_t number = 0; number < 200; ++number)
            ASSERT_TRUE(run(store->insert(kPlacedThings, placed_thing(number, Bytes(2'000, 'p')))));
    }
    const auto size = std::filesystem::file_size(file_);
    {
        std::fstream file{file_, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(size / 4));
        file << Bytes(size / 2, '\xa5');
    }
    const auto store = open();
    if (!store) {
        EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
        return;
    }
    int corrupt = 0;
    for (std::uint32_t number = 0; number < 200; ++number) {
        const auto record = run((*store)->get(kPlacedThings, id(number)));
        if (!record && record.error().kind == ErrorKind::corrupt) ++corrupt;
    }
    EXPECT_GT(corrupt, 0);
}

TEST_F(SqliteStore, RefusesWhatIsMoreThanItsQueueHolds) {
    const auto store = open_sqlite_store({.file = file_, .queue_limit = 0}, {&kPlacedThings}).value();
    const auto outcome = run(store->insert(kPlacedThings, placed_thing(1)));
    EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(store->get(kPlacedThings, id(1))).error().kind, ErrorKind::unavailable);
}

TEST_F(SqliteStore, FinishesWhatWaitsWhenItIsClosed) {
    constexpr std::uint32_t kMany = 300;
    boost::asio::io_context loop;
    std::uint32_t done = 0;
    {
        const auto store = open().value();
        for (std::uint32_t number = 0; number < kMany; ++number)
            boost::asio::co_spawn(
                loop, store->insert(kPlacedThings, placed_thing(number)),
                [&](const std::exception_ptr&, const Result<void>& outcome) { done += outcome.has_value(); });
        loop.poll();
    }
    loop.run();
    EXPECT_EQ(done, kMany);
    EXPECT_EQ(run(open().value()->find(kPlacedThings, {.index = "by_place", .limit = 1'000}))->size(), kMany);
}

TEST_F(SqliteStore, KeepsItsLogBoundedUnderSteadyWrites) {
    const auto store = open().value();
    for (std::uint32_t batch = 0; batch < 40; ++batch) {
        std::vector<Record> records;
        for (std::uint32_t i = 0; i < 250; ++i) records.push_back(placed_thing(batch * 250 + i, Bytes(4'000, 'p')));
        ASSERT_TRUE(run(store->insert_many(kPlacedThings, std::move(records))));
    }
    EXPECT_LT(std::filesystem::file_size(file_.string() + "-wal"), 20U << 20);
}

/// Writes numbered things for ever, and tells each one over the pipe once it is stored.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, std::uint32_t next, int pipe) {
    const auto store = open_sqlite_store({.file = file}, {&kPlacedThings});
    if (!store) ::_exit(1);
    for (;; ++next) {
        const bool many = next % 3 == 0;
        const bool done = many ? run((*store)->insert_many(kPlacedThings, {placed_thing(next)})).has_value()
                               : run((*store)->insert(kPlacedThings, placed_thing(next))).has_value();
        if (!done || ::write(pipe, &next, sizeof next) != sizeof next) ::_exit(1);
    }
}

TEST_F(SqliteStore, LosesNothingAcknowledgedWhenKilled) {
    std::uint32_t next = 1;
    std::vector<std::uint32_t> acknowledged;
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const ::pid_t child = ::fork();
        if (child == 0) write_until_killed(file_, next, ends[1]);
        ::close(ends[1]);
        std::uint32_t number = 0;
        const std::size_t enough = acknowledged.size() + 5 + static_cast<std::size_t>(round);
        while (acknowledged.size() < enough && ::read(ends[0], &number, sizeof number) == sizeof number)
            acknowledged.push_back(number);
        ::kill(child, SIGKILL);
        while (::read(ends[0], &number, sizeof number) == sizeof number) acknowledged.push_back(number);
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself in round " << round;
        next = acknowledged.back() + 1'000;
    }
    const auto store = open().value();
    for (const auto number : acknowledged) ASSERT_TRUE(run(store->get(kPlacedThings, id(number)))) << number;
    EXPECT_GE(acknowledged.size(), 200U);
}

}  // namespace
}  // namespace inboxpro
