#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/task.h"
#include "store/collection.h"

namespace inboxpro {

using Counters = std::map<std::string, std::int64_t>;

/// What is stored: clear fields that can be searched, and one sealed payload. Only `Documents` makes payloads.
struct Record {
    RawId id;
    AccountId account;          ///< Nil for what belongs to the installation.
    std::uint64_t version = 0;  ///< 0 before it is stored, then 1, 2 ...; set by the store.
    std::vector<Value> fields;  ///< In the order of Collection::fields; shorter when given: the rest is empty.
    Bytes payload;
    Counters counters;  ///< Written by Store::add and insert, never by replace.

    friend bool operator==(const Record&, const Record&) = default;
};

enum class Order { ascending, descending };

/// Records of one index: the first `equals.size()` fields of the index are fixed, the next one (if any) may be bounded.
/// An empty value sorts before all others, equals an empty value and lies within no bounds. `invalid` when the index
/// has fewer fields, no field to bound, or several open ones to continue in.
struct Query {
    struct Position {
        Value value;  ///< Of the first index field that `equals` leaves open; ignored when it leaves none.
        RawId id;
    };

    std::string_view index;
    std::vector<Value> equals;
    std::optional<Value> from = {};   ///< At least this.
    std::optional<Value> below = {};  ///< Less than this.
    Order order = Order::ascending;
    std::size_t limit = 100;             ///< At least 1.
    std::optional<Position> after = {};  ///< Continue behind this record, in `order`.
};

/// The door to what is kept. Written for what a document database does atomically on ONE record; there is no
/// transaction across records. Thread-safe; a call resumes on the executor that awaits it. When a write returns, it is
/// durable. Reads see every write that returned before. Errors besides the named ones: `unavailable` (the outcome of
/// a write is then unknown: repeat it with the same id), `corrupt`.
class Store {
  public:
    virtual ~Store() = default;

    /// `conflict` when the id, or the key of a unique index, exists.
    virtual Task<Result<void>> insert(const Collection& collection, Record record) = 0;
    /// All of them, idempotent by id: what is already there counts as done and stays as it is. Returns, in order,
    /// which ones are new. No unique index besides the id may be violated.
    virtual Task<Result<std::vector<bool>>> insert_many(const Collection& collection, std::vector<Record> records) = 0;
    /// `not_found`.
    virtual Task<Result<Record>> get(const Collection& collection, RawId id) = 0;
    virtual Task<Result<std::vector<Record>>> find(const Collection& collection, Query query) = 0;
    /// Compare-and-set: writes fields and payload if the stored version is `record.version`, and returns the new
    /// version. `conflict` when it is another (or a unique key is taken), `not_found` when the record is gone or
    /// belongs to another account.
    virtual Task<Result<std::uint64_t>> replace(const Collection& collection, Record record) = 0;
    /// Each for itself, as replace() does. Returns, in order, the new versions: 0 for a record that replace() would
    /// refuse.
    virtual Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& collection,
                                                                  std::vector<Record> records) = 0;
    /// Adds to counters atomically; creates the record (without fields and payload) when there is none. The version
    /// stays. Returns all counters of the record after it.
    virtual Task<Result<Counters>> add(const Collection& collection, RawId id, AccountId account,
                                       Counters counters) = 0;
    /// Erases at most `query.limit` records; returns how many. Repeat until 0.
    virtual Task<Result<std::size_t>> erase(const Collection& collection, Query query) = 0;
    /// Erases one record; true if it was there.
    virtual Task<Result<bool>> erase(const Collection& collection, RawId id) = 0;
    /// Whether a write would succeed now; for /readyz.
    virtual Task<Result<void>> check() = 0;
};

}  // namespace inboxpro
