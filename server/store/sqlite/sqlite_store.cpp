#include "store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <system_error>
#include <thread>

#include "store/sqlite/writer.h"

namespace inboxpro {
namespace {

using sqlite::Connection;
using sqlite::Table;

constexpr int kApplicationId = 0x49425072;  // "IBPr"
constexpr int kFormat = 1;                  // How tables are laid out; fields and indexes are compared by name.

using Tables = std::map<std::string_view, Table>;

/// A thread with a connection of its own, for one read after the other.
class Reader {
  public:
    Reader(const std::filesystem::path& file, sqlite::JobQueue& queue)
        : connection_(file, Connection::Use::read), queue_(queue), thread_([this] { work(); }) {}
    ~Reader() {
        queue_.close();
        thread_.join();
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

  private:
    void work() {
        for (auto jobs = queue_.take(1); !jobs.empty(); jobs = queue_.take(1)) {
            auto& job = *jobs.front();
            try {
                job.run(connection_);
            } catch (const SQLite::Exception& failure) {
                job.refuse(sqlite::error_of(failure));
            }
            job.answer();
        }
    }

    Connection connection_;
    sqlite::JobQueue& queue_;
    std::thread thread_;
};

class SqliteStore final : public Store {
  public:
    SqliteStore(const SqliteOptions& options, Tables tables, std::unique_ptr<Connection> connection)
        : tables_(std::move(tables)), reads_(options.queue_limit), writer_(std::move(connection), options.queue_limit) {
        for (std::size_t i = 0; i < options.readers; ++i)
            readers_.push_back(std::make_unique<Reader>(options.file, reads_));
    }

    Task<Result<void>> insert(const Collection& collection, Record record) override {
        return write([&table = table_of(collection), record = std::move(record)](Connection& connection) {
            return connection.insert(table, record);
        });
    }
    Task<Result<std::vector<bool>>> insert_many(const Collection& collection, std::vector<Record> records) override {
        return write([&table = table_of(collection), records = std::move(records)](Connection& connection) {
            return connection.insert_many(table, records);
        });
    }
    Task<Result<Record>> get(const Collection& collection, RawId id) override {
        return read([&table = table_of(collection), id](Connection& connection) { return connection.get(table, id); });
    }
    Task<Result<std::vector<Record>>> find(const Collection& collection, Query query) override {
        return read([&table = table_of(collection), query = std::move(query)](Connection& connection) {
            return connection.find(table, query);
        });
    }
    Task<Result<std::uint64_t>> replace(const Collection& collection, Record record) override {
        return write([&table = table_of(collection), record = std::move(record)](Connection& connection) {
            return connection.replace(table, record);
        });
    }
    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& collection,
                                                          std::vector<Record> records) override {
        return write([&table = table_of(collection), records = std::move(records)](Connection& connection) {
            return connection.replace_many(table, records);
        });
    }
    Task<Result<Counters>> add(const Collection& collection, RawId id, AccountId account, Counters counters) override {
        return write([&table = table_of(collection), id, account, counters = std::move(counters)](
                         Connection& connection) { return connection.add(table, id, account, counters); });
    }
    Task<Result<std::size_t>> erase(const Collection& collection, Query query) override {
        return write([&table = table_of(collection), query = std::move(query)](Connection& connection) {
            return connection.erase(table, query);
        });
    }
    Task<Result<bool>> erase(const Collection& collection, RawId id) override {
        return write(
            [&table = table_of(collection), id](Connection& connection) { return connection.erase(table, id); });
    }
    Task<Result<void>> check() override {
        return write([](Connection& connection) -> Result<void> {
            connection.run(fmt::format("PRAGMA user_version = {}", kFormat));
            return {};
        });
    }

  private:
    template <class Work>
    Task<sqlite::Outcome<Work>> write(Work work) {
        return sqlite::through(writer_.queue(), std::move(work));
    }
    template <class Work>
    Task<sqlite::Outcome<Work>> read(Work work) {
        return sqlite::through(reads_, std::move(work));
    }
    const Table& table_of(const Collection& collection) const { return tables_.at(collection.name); }

    Tables tables_;
    sqlite::JobQueue reads_;
    sqlite::Writer writer_;
    std::vector<std::unique_ptr<Reader>> readers_;
};

/// SQLite would make the file readable by others. A file that is there is not opened: closing it again would drop the
/// locks that SQLite may hold on it in this process.
Result<void> make_file(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
    if (file >= 0 || errno == EEXIST) return {};
    const auto kind = errno == EACCES || errno == EPERM || errno == EROFS ? ErrorKind::denied : ErrorKind::unavailable;
    return fail(kind, fmt::format("The database {} cannot be made: {}.", path.string(),
                                  std::generic_category().message(errno)));
}

int number(SQLite::Database& database, const char* sql) {
    return database.execAndGet(sql).getInt();
}

std::unexpected<Error> made_by_newer(const std::filesystem::path& path) {
    return fail(ErrorKind::conflict, fmt::format("A newer version of InboxPro made the database {}.", path.string()));
}

/// Makes the tables of a new database, or what a newer program adds to an old one.
Result<void> prepare(const std::filesystem::path& path, SQLite::Database& database, const Tables& tables) {
    if (sqlite3_db_readonly(database.getHandle(), "main") == 1)
        return fail(ErrorKind::denied, fmt::format("The database {} cannot be written.", path.string()));
    const bool is_new = number(database, "SELECT count(*) FROM sqlite_master") == 0;
    if (!is_new && number(database, "PRAGMA application_id") != kApplicationId)
        return fail(ErrorKind::corrupt, fmt::format("The file {} is no database of InboxPro.", path.string()));
    if (number(database, "PRAGMA user_version") > kFormat) return made_by_newer(path);
    if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
        return fail(ErrorKind::unavailable,
                    fmt::format("The database {} is on a disk without shared memory.", path.string()));
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA secure_delete = ON");
    database.exec("PRAGMA journal_size_limit = 67108864");

    database.exec("BEGIN IMMEDIATE");
    for (const auto& [name, table] : tables)
        if (!table.migrate(database)) return made_by_newer(path);
    if (is_new) {
        database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
        database.exec(fmt::format("PRAGMA user_version = {}", kFormat));
    }
    database.exec("COMMIT");
    return {};
}

/// One sentence that names the file.
Error failed_to_open(const std::filesystem::path& path, const SQLite::Exception& failure) {
    switch (failure.getErrorCode()) {
        case SQLITE_NOTADB:
            return {.kind = ErrorKind::corrupt,
                    .detail = fmt::format("The file {} is no database of InboxPro.", path.string())};
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_READONLY:
            return {.kind = ErrorKind::denied,
                    .detail = fmt::format("The database {} cannot be opened and written.", path.string())};
        default: {
            auto error = sqlite::error_of(failure);
            error.detail = fmt::format("{}: {}", path.string(), error.detail);
            return error;
        }
    }
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options, std::vector<const Collection*> collections) {
    Tables tables;
    for (const auto* collection : collections) tables.emplace(collection->name, Table{*collection});
    TRY(make_file(options.file));
    try {
        auto connection = std::make_unique<Connection>(options.file, Connection::Use::write);
        TRY(prepare(options.file, connection->database(), tables));
        return std::make_unique<SqliteStore>(options, std::move(tables), std::move(connection));
    } catch (const SQLite::Exception& failure) {
        return std::unexpected(failed_to_open(options.file, failure));
    }
}

}  // namespace inboxpro
