#include "store/sqlite/table.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <set>

namespace inboxpro::sqlite {
namespace {

constexpr std::string_view kColumns[] = {"id", "account", "version", "counters", "payload"};

std::string quoted(std::string_view name) {
    return fmt::format("\"{}\"", name);
}

std::string_view type_of(FieldKind kind) {
    return kind == FieldKind::integer ? "INTEGER" : "BLOB";
}

/// `format` for each declared field, each behind a comma.
std::string for_fields(const Collection& collection, std::string_view before, std::string_view behind) {
    std::string text;
    for (const auto& field : collection.fields) text += fmt::format(", {}{}{}", before, quoted(field.name), behind);
    return text;
}

std::string places(const Collection& collection) {
    std::string text;
    for (std::size_t i = 0; i < collection.fields.size(); ++i) text += ", ?";
    return text;
}

/// Every value that is not empty is at least this: SQLite sorts integers before blobs.
constexpr Value kLeast = std::numeric_limits<std::int64_t>::min();

bool is_empty(const Value& value) {
    return std::holds_alternative<std::monostate>(value);
}

void add_bounds(Condition& condition, std::vector<std::string>& terms, std::string_view field, const Query& span) {
    if (span.from) {
        terms.push_back(fmt::format("{} >= ?", quoted(field)));
        condition.values.push_back(*span.from);
    }
    if (span.below) {
        terms.push_back(fmt::format("{} < ?", quoted(field)));
        condition.values.push_back(*span.below);
    }
}

}  // namespace

Table::Table(const Collection& of)
    : collection(of),
      insert(fmt::format("INSERT INTO {} (id, account, version, counters, payload{}) VALUES (?, ?, 1, ?, ?{}) "
                         "ON CONFLICT (id) DO NOTHING",
                         quoted(of.name), for_fields(of, "", ""), places(of))),
      select(fmt::format("SELECT id, account, version, counters, payload{} FROM {}", for_fields(of, "", ""),
                         quoted(of.name))),
      fields_of(fmt::format("SELECT version{} FROM {} WHERE id = ? AND account = ? AND version = ?",
                            for_fields(of, "", ""), quoted(of.name))),
      counters(fmt::format("SELECT counters FROM {} WHERE id = ?", quoted(of.name))),
      set_counters(fmt::format("UPDATE {} SET counters = ? WHERE id = ?", quoted(of.name))),
      erase(fmt::format("DELETE FROM {} WHERE id = ?", quoted(of.name))) {
    get = select + " WHERE id = ?";
}

std::string Table::replace(const std::vector<std::size_t>& fields) const {
    std::string changes;
    for (const auto field : fields) changes += fmt::format(", {} = ?", quoted(collection.fields[field].name));
    return fmt::format("UPDATE {} SET version = version + 1, payload = ?{} WHERE id = ?", quoted(collection.name),
                       changes);
}

bool Table::migrate(SQLite::Database& database) const {
    std::string fields;
    for (const auto& field : collection.fields)
        fields += fmt::format(", {} {}", quoted(field.name), type_of(field.kind));
    database.exec(
        fmt::format("CREATE TABLE IF NOT EXISTS {} (id BLOB PRIMARY KEY NOT NULL, account BLOB NOT NULL, "
                    "version INTEGER NOT NULL, counters TEXT, payload BLOB NOT NULL{}) WITHOUT ROWID",
                    quoted(collection.name), fields));

    std::set<std::string, std::less<>> present;
    SQLite::Statement columns{database, fmt::format("PRAGMA table_info({})", quoted(collection.name))};
    while (columns.executeStep()) present.insert(columns.getColumn(1).getString());
    for (const auto column : kColumns) present.erase(std::string{column});
    for (const auto& field : collection.fields)
        if (present.erase(std::string{field.name}) == 0)
            database.exec(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quoted(collection.name), quoted(field.name),
                                      type_of(field.kind)));
    if (!present.empty()) return false;

    for (const auto& index : collection.indexes) {
        std::vector<std::string> keys;
        for (const auto field : index.fields) keys.push_back(quoted(field));
        if (!index.unique) keys.emplace_back("id");
        database.exec(fmt::format("CREATE {} INDEX IF NOT EXISTS \"{}.{}\" ON {} ({})", index.unique ? "UNIQUE" : "",
                                  collection.name, index.name, quoted(collection.name), fmt::join(keys, ", ")));
    }
    return true;
}

std::vector<Query> spans_of(const Index& index, Query query) {
    const bool has_open_field = query.equals.size() < index.fields.size();
    if (!query.after || !has_open_field) return {std::move(query)};
    const bool is_bounded = query.from || query.below;
    const bool is_ascending = query.order == Order::ascending;
    const bool begins_empty = is_empty(query.after->value);

    Query empty = query;
    empty.equals.emplace_back();
    if (!begins_empty) {
        if (is_ascending || is_bounded) return {std::move(query)};
        empty.after.reset();
        return {std::move(query), std::move(empty)};
    }
    query.after.reset();
    if (is_bounded) return is_ascending ? std::vector{std::move(query)} : std::vector<Query>{};
    if (!is_ascending) return {std::move(empty)};
    query.from = kLeast;
    return {std::move(empty), std::move(query)};
}

Condition condition_of(const Index& index, const Query& span) {
    Condition condition;
    std::vector<std::string> terms;
    for (std::size_t i = 0; i < span.equals.size(); ++i) {
        const bool empty = is_empty(span.equals[i]);
        terms.push_back(fmt::format("{} {}", quoted(index.fields[i]), empty ? "IS NULL" : "= ?"));
        if (!empty) condition.values.push_back(span.equals[i]);
    }
    const auto beyond = span.order == Order::ascending ? '>' : '<';
    const bool has_open_field = span.equals.size() < index.fields.size();
    if (has_open_field) add_bounds(condition, terms, index.fields[span.equals.size()], span);
    if (span.after && has_open_field) {
        terms.push_back(fmt::format("({}, id) {} (?, ?)", quoted(index.fields[span.equals.size()]), beyond));
        condition.values.push_back(span.after->value);
    } else if (span.after) {
        terms.push_back(fmt::format("id {} ?", beyond));
    }
    if (span.after) condition.values.emplace_back(Bytes{span.after->id.view()});

    const auto direction = span.order == Order::ascending ? "" : " DESC";
    std::string order;
    for (std::size_t i = span.equals.size(); i < index.fields.size(); ++i)
        order += fmt::format("{}{}, ", quoted(index.fields[i]), direction);
    condition.sql = fmt::format("{}{} ORDER BY {}id{} LIMIT ?", terms.empty() ? "" : " WHERE ",
                                fmt::join(terms, " AND "), order, direction);
    return condition;
}

}  // namespace inboxpro::sqlite
