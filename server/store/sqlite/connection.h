#pragma once
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <optional>
#include <unordered_map>

#include "store/sqlite/table.h"

namespace inboxpro::sqlite {

/// One connection to the database with its prepared statements, and each operation of the store in SQL. Every call may
/// throw SQLite::Exception. For one thread at a time.
class Connection {
  public:
    enum class Use { read, write };
    Connection(const std::filesystem::path& file, Use use);

    Result<void> insert(const Table& table, const Record& record);
    Result<std::vector<bool>> insert_many(const Table& table, const std::vector<Record>& records);
    Result<Record> get(const Table& table, RawId id);
    Result<std::vector<Record>> find(const Table& table, const Query& query);
    Result<std::uint64_t> replace(const Table& table, const Record& record);
    Result<std::vector<std::uint64_t>> replace_many(const Table& table, const std::vector<Record>& records);
    Result<Counters> add(const Table& table, RawId id, AccountId account, const Counters& counters);
    Result<std::size_t> erase(const Table& table, const Query& query);
    Result<bool> erase(const Table& table, RawId id);

    SQLite::Database& database() { return database_; }
    const SQLite::Database& database() const { return database_; }
    /// For a statement that binds and gives nothing, such as BEGIN.
    void run(const std::string& sql);

  private:
    SQLite::Statement& prepared(const std::string& sql);
    bool insert_with(SQLite::Statement& statement, const Table& table, const Record& record);
    /// Which fields the record would change; empty when the stored version, or its account, is another.
    std::optional<std::vector<std::size_t>> changed_fields(const Table& table, const Record& record);
    bool replace_if_same(const Table& table, const Record& record);

    SQLite::Database database_;
    std::unordered_map<std::string, SQLite::Statement> statements_;
};

/// What a caller may know of a failure inside SQLite.
Error error_of(const SQLite::Exception& failure);

}  // namespace inboxpro::sqlite
