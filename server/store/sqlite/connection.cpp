#include "store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "store/query.h"

namespace inboxpro::sqlite {
namespace {

constexpr int kBusyMilliseconds = 5'000;
constexpr int kFieldColumn = 5;

/// A statement while it runs: when this goes, the statement lets go of its rows and of what was bound.
class Run {
  public:
    explicit Run(SQLite::Statement& statement) : statement_(statement) {}
    ~Run() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    SQLite::Statement* operator->() const { return &statement_; }
    SQLite::Statement& operator*() const { return statement_; }

  private:
    SQLite::Statement& statement_;
};

void bind(SQLite::Statement& statement, int place, BytesView bytes) {
    const char* const data = bytes.empty() ? "" : bytes.data();
    statement.bindNoCopy(place, static_cast<const void*>(data), static_cast<int>(bytes.size()));
}

/// The value must live until the statement is reset.
void bind(SQLite::Statement& statement, int place, const Value& value) {
    if (const auto* bytes = std::get_if<Bytes>(&value))
        bind(statement, place, BytesView{*bytes});
    else if (const auto* number = std::get_if<std::int64_t>(&value))
        statement.bind(place, *number);
    else
        statement.bind(place);
}

void bind_counters(SQLite::Statement& statement, int place, const Counters& counters) {
    if (counters.empty()) return statement.bind(place);
    boost::json::object object;
    for (const auto& [name, count] : counters) object[name] = count;
    statement.bind(place, boost::json::serialize(object));
}

/// Binds every field of the collection from `place` on; returns the place behind them.
int bind_fields(SQLite::Statement& statement, int place, const Table& table, const std::vector<Value>& fields) {
    for (std::size_t i = 0; i < table.collection.fields.size(); ++i, ++place)
        if (i < fields.size())
            bind(statement, place, fields[i]);
        else
            statement.bind(place);
    return place;
}

BytesView bytes_at(const SQLite::Column& column) {
    const auto* const data = static_cast<const char*>(column.getBlob());
    return data ? BytesView{data, static_cast<std::size_t>(column.getBytes())} : BytesView{};
}

Value value_at(const SQLite::Column& column) {
    if (column.isInteger()) return column.getInt64();
    if (column.isBlob()) return Bytes{bytes_at(column)};
    return {};
}

Result<Counters> counters_at(const SQLite::Column& column) {
    Counters counters;
    if (column.isNull()) return counters;
    boost::system::error_code failure;
    const auto value = boost::json::parse(column.getString(), failure);
    if (failure || !value.is_object()) return fail(ErrorKind::corrupt, "A record has counters that cannot be read.");
    for (const auto& [name, count] : value.get_object()) {
        if (!count.is_int64()) return fail(ErrorKind::corrupt, "A record has a counter that is no number.");
        counters.emplace(name, count.get_int64());
    }
    return counters;
}

Result<Record> record_at(SQLite::Statement& row, const Table& table) {
    Record record{.id = TRY(RawId::from_bytes(bytes_at(row.getColumn(0)))),
                  .account = TRY(AccountId::from_bytes(bytes_at(row.getColumn(1)))),
                  .version = static_cast<std::uint64_t>(row.getColumn(2).getInt64()),
                  .fields = {},
                  .payload = Bytes{bytes_at(row.getColumn(4))},
                  .counters = TRY(counters_at(row.getColumn(3)))};
    record.fields.reserve(table.collection.fields.size());
    for (std::size_t i = 0; i < table.collection.fields.size(); ++i)
        record.fields.push_back(value_at(row.getColumn(kFieldColumn + static_cast<int>(i))));
    return record;
}

std::unexpected<Error> exists() {
    return fail(ErrorKind::conflict, "A record with this id or unique key exists.");
}
std::unexpected<Error> is_gone() {
    return fail(ErrorKind::not_found, "There is no such record.");
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Use use)
    : database_(file.string(),
                (use == Use::read ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX,
                kBusyMilliseconds) {
    database_.exec("PRAGMA temp_store = MEMORY");
    database_.exec(use == Use::read ? "PRAGMA cache_size = -1024" : "PRAGMA cache_size = -32768");
}

void Connection::run(const std::string& sql) {
    const Run statement{prepared(sql)};
    while (statement->executeStep()) {
    }
}

SQLite::Statement& Connection::prepared(const std::string& sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    return statements_.emplace(sql, SQLite::Statement{database_, sql}).first->second;
}

bool Connection::insert_with(SQLite::Statement& statement, const Table& table, const Record& record) {
    bind(statement, 1, record.id.view());
    bind(statement, 2, record.account.view());
    bind_counters(statement, 3, record.counters);
    bind(statement, 4, BytesView{record.payload});
    bind_fields(statement, 5, table, record.fields);
    const int changed = statement.exec();
    statement.reset();
    return changed > 0;
}

Result<void> Connection::insert(const Table& table, const Record& record) {
    const Run statement{prepared(table.insert)};
    if (!insert_with(*statement, table, record)) return exists();
    return {};
}

Result<std::vector<bool>> Connection::insert_many(const Table& table, const std::vector<Record>& records) {
    std::vector<bool> is_new;
    is_new.reserve(records.size());
    run("SAVEPOINT many");
    try {
        const Run statement{prepared(table.insert)};
        for (const auto& record : records) is_new.push_back(insert_with(*statement, table, record));
    } catch (const SQLite::Exception&) {
        // A failure such as a full disk has ended the whole transaction, and the savepoint with it.
        if (sqlite3_get_autocommit(database_.getHandle()) == 0) {
            run("ROLLBACK TO many");
            run("RELEASE many");
        }
        throw;
    }
    run("RELEASE many");
    return is_new;
}

Result<Record> Connection::get(const Table& table, RawId id) {
    const Run statement{prepared(table.get)};
    bind(*statement, 1, id.view());
    if (!statement->executeStep()) return is_gone();
    return record_at(*statement, table);
}

Result<std::vector<Record>> Connection::find(const Table& table, const Query& query) {
    const auto& index = table.collection.index_named(query.index);
    TRY(check_query(index, query));
    std::vector<Record> found;
    for (const auto& span : spans_of(index, query)) {
        if (found.size() == query.limit) break;
        const auto condition = condition_of(index, span);
        const Run statement{prepared(table.select + condition.sql)};
        int place = 1;
        for (const auto& value : condition.values) bind(*statement, place++, value);
        statement->bind(place, static_cast<std::int64_t>(query.limit - found.size()));
        while (statement->executeStep()) found.push_back(TRY(record_at(*statement, table)));
    }
    return found;
}

std::optional<std::vector<std::size_t>> Connection::changed_fields(const Table& table, const Record& record) {
    const Run row{prepared(table.fields_of)};
    bind(*row, 1, record.id.view());
    bind(*row, 2, record.account.view());
    row->bind(3, static_cast<std::int64_t>(record.version));
    if (!row->executeStep()) return {};
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < table.collection.fields.size(); ++i)
        if (value_at(row->getColumn(1 + static_cast<int>(i))) !=
            (i < record.fields.size() ? record.fields[i] : Value{}))
            changed.push_back(i);
    return changed;
}

// Nobody writes between the look and the change: both are in one transaction that began as a writing one.
bool Connection::replace_if_same(const Table& table, const Record& record) {
    const auto changed = changed_fields(table, record);
    if (!changed) return false;
    const Run statement{prepared(table.replace(*changed))};
    int place = 1;
    bind(*statement, place++, BytesView{record.payload});
    for (const auto field : *changed)
        if (field < record.fields.size())
            bind(*statement, place++, record.fields[field]);
        else
            statement->bind(place++);
    bind(*statement, place, record.id.view());
    return statement->exec() > 0;
}

Result<std::vector<std::uint64_t>> Connection::replace_many(const Table& table, const std::vector<Record>& records) {
    std::vector<std::uint64_t> versions(records.size(), 0);
    for (std::size_t i = 0; i < records.size(); ++i) {
        try {
            if (replace_if_same(table, records[i])) versions[i] = records[i].version + 1;
        } catch (const SQLite::Exception& failure) {
            if (failure.getErrorCode() != SQLITE_CONSTRAINT) throw;
        }
    }
    return versions;
}

Result<std::uint64_t> Connection::replace(const Table& table, const Record& record) {
    if (replace_if_same(table, record)) return record.version + 1;
    if (TRY(get(table, record.id)).account != record.account) return is_gone();
    return fail(ErrorKind::conflict, "The record was changed in the meantime.");
}

Result<Counters> Connection::add(const Table& table, RawId id, AccountId account, const Counters& counters) {
    Counters sum;
    bool is_there = false;
    {
        const Run statement{prepared(table.counters)};
        bind(*statement, 1, id.view());
        is_there = statement->executeStep();
        if (is_there) sum = TRY(counters_at(statement->getColumn(0)));
    }
    for (const auto& [name, count] : counters) sum[name] += count;
    if (is_there) {
        const Run statement{prepared(table.set_counters)};
        bind_counters(*statement, 1, sum);
        bind(*statement, 2, id.view());
        statement->exec();
    } else {
        const Run statement{prepared(table.insert)};
        insert_with(*statement, table, {.id = id, .account = account, .fields = {}, .payload = {}, .counters = sum});
    }
    return sum;
}

Result<std::size_t> Connection::erase(const Table& table, const Query& query) {
    const auto found = TRY(find(table, query));
    for (const auto& record : found) TRY(erase(table, record.id));
    return found.size();
}

Result<bool> Connection::erase(const Table& table, RawId id) {
    const Run statement{prepared(table.erase)};
    bind(*statement, 1, id.view());
    return statement->exec() > 0;
}

Error error_of(const SQLite::Exception& failure) {
    switch (failure.getErrorCode()) {
        case SQLITE_CONSTRAINT: return exists().error();
        case SQLITE_FULL:
            return {.kind = ErrorKind::unavailable, .detail = "The disk that holds the database is full."};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {.kind = ErrorKind::unavailable, .detail = "Another process keeps the database busy."};
        case SQLITE_TOOBIG: return {.kind = ErrorKind::invalid, .detail = "A record is too large for the database."};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return {.kind = ErrorKind::corrupt, .detail = "The database is damaged."};
        default:
            return {.kind = ErrorKind::unavailable,
                    .detail = fmt::format("The database does not answer ({}).",
                                          sqlite3_errstr(failure.getExtendedErrorCode()))};
    }
}

}  // namespace inboxpro::sqlite
