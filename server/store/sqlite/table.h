#pragma once
#include <SQLiteCpp/Database.h>

#include "store/store.h"

namespace inboxpro::sqlite {

/// The SQL of one collection: a table without rowid, whose columns are id, account, version, counters (JSON, or null
/// for none), payload, then the declared fields; and an SQL index for each declared one.
struct Table {
    explicit Table(const Collection& collection);

    const Collection& collection;
    std::string insert;        ///< Binds id, account, counters, payload, fields. Changes nothing when the id exists.
    std::string get;           ///< Binds id. Gives all columns, as `select` does.
    std::string select;        ///< Up to FROM; a condition follows.
    std::string fields_of;     ///< Binds id, account, version. Gives the fields; no row when any of the three differs.
    std::string counters;      ///< Binds id.
    std::string set_counters;  ///< Binds counters, id.
    std::string erase;         ///< Binds id.

    /// Binds payload, the fields named by their places, id. A field that is left out costs no index anything.
    std::string replace(const std::vector<std::size_t>& fields) const;

    /// Makes what is missing of table, columns and indexes. False when the table has columns that are not declared: a
    /// newer version of the program made them. Throws SQLite::Exception.
    bool migrate(SQLite::Database& database) const;
};

/// A part of a query that one SELECT answers from an index: "WHERE ... ORDER BY ... LIMIT", and what it binds.
struct Condition {
    std::string sql;
    std::vector<Value> values;
};

/// The conditions that together, one behind the other, answer the query (checked by check_query). There are two where
/// it continues across the border between empty and other values, which SQL's comparisons do not cross.
std::vector<Query> spans_of(const Index& index, Query query);
Condition condition_of(const Index& index, const Query& span);

}  // namespace inboxpro::sqlite
