#include "store/memory/memory_store.h"

#include <mutex>
#include <set>

#include "store/query.h"

namespace inboxpro {
namespace {

/// Where a record stands in an index.
struct Key {
    std::vector<Value> fields;
    RawId id;
};

/// A cut through an index: before or behind all keys that begin with `prefix` and, if named, have this id.
struct Edge {
    std::vector<Value> prefix;
    std::optional<RawId> id = {};
    bool behind = false;
};

/// Below 0 when the key lies before the edge, above 0 when behind it.
int side_of(const Key& key, const Edge& edge) {
    for (std::size_t i = 0; i < edge.prefix.size(); ++i) {
        if (key.fields[i] < edge.prefix[i]) return -1;
        if (edge.prefix[i] < key.fields[i]) return 1;
    }
    if (edge.id && key.id != *edge.id) return key.id < *edge.id ? -1 : 1;
    return edge.behind ? -1 : 1;
}

struct Before {
    using is_transparent = void;
    bool operator()(const Key& a, const Key& b) const { return std::tie(a.fields, a.id) < std::tie(b.fields, b.id); }
    bool operator()(const Key& key, const Edge& edge) const { return side_of(key, edge) < 0; }
    bool operator()(const Edge& edge, const Key& key) const { return side_of(key, edge) > 0; }
};

std::vector<Value> with(std::vector<Value> prefix, const Value& value) {
    prefix.push_back(value);
    return prefix;
}

Edge low_edge(const Query& query) {
    if (query.from) return {.prefix = with(query.equals, *query.from)};
    if (query.below) return {.prefix = with(query.equals, Value{}), .behind = true};
    return {.prefix = query.equals};
}

Edge high_edge(const Query& query) {
    if (query.below) return {.prefix = with(query.equals, *query.below)};
    return {.prefix = query.equals, .behind = true};
}

/// All records of one collection, and its indexes in the order of their declaration. Not thread-safe.
class Shelf {
  public:
    explicit Shelf(const Collection& collection) : collection_(&collection), indexes_(collection.indexes.size()) {}

    bool contains(RawId id) const { return records_.contains(id); }
    Record* find(RawId id) {
        const auto found = records_.find(id);
        return found == records_.end() ? nullptr : &found->second;
    }

    /// Whether another record has the record's key in a unique index.
    bool is_taken(const Record& record) const {
        for (std::size_t i = 0; i < indexes_.size(); ++i) {
            if (!collection_->indexes[i].unique) continue;
            const Key key = key_in(collection_->indexes[i], record);
            if (std::ranges::find(key.fields, Value{}) != key.fields.end()) continue;
            const auto first = indexes_[i].lower_bound(Edge{.prefix = key.fields});
            if (first != indexes_[i].end() && first->fields == key.fields && first->id != record.id) return true;
        }
        return false;
    }

    Record& put(Record record) {
        record.fields.resize(collection_->fields.size());
        for (std::size_t i = 0; i < indexes_.size(); ++i) indexes_[i].insert(key_in(collection_->indexes[i], record));
        const RawId id = record.id;
        return records_.insert_or_assign(id, std::move(record)).first->second;
    }

    bool erase(RawId id) {
        const auto found = records_.find(id);
        if (found == records_.end()) return false;
        for (std::size_t i = 0; i < indexes_.size(); ++i)
            indexes_[i].erase(key_in(collection_->indexes[i], found->second));
        records_.erase(found);
        return true;
    }

    std::vector<RawId> select(const Query& query) const {
        const auto& index = collection_->index_named(query.index);
        const auto& keys = indexes_[static_cast<std::size_t>(&index - collection_->indexes.data())];
        std::optional<Edge> after;
        if (query.after) {
            const bool is_open = query.equals.size() < index.fields.size();
            after = Edge{.prefix = is_open ? with(query.equals, query.after->value) : query.equals,
                         .id = query.after->id,
                         .behind = query.order == Order::ascending};
        }
        return query.order == Order::ascending ? forwards(keys, query, after) : backwards(keys, query, after);
    }

  private:
    using Keys = std::set<Key, Before>;

    Key key_in(const Index& index, const Record& record) const {
        Key key{.fields = {}, .id = record.id};
        for (const auto field : index.fields) key.fields.push_back(indexed_value(*collection_, record, field));
        return key;
    }

    static std::vector<RawId> forwards(const Keys& keys, const Query& query, const std::optional<Edge>& after) {
        const Edge low = low_edge(query);
        const Edge high = high_edge(query);
        std::vector<RawId> ids;
        for (auto at = keys.lower_bound(after ? *after : low); at != keys.end() && ids.size() < query.limit; ++at) {
            if (side_of(*at, high) > 0) break;
            if (side_of(*at, low) > 0) ids.push_back(at->id);
        }
        return ids;
    }

    static std::vector<RawId> backwards(const Keys& keys, const Query& query, const std::optional<Edge>& after) {
        const Edge low = low_edge(query);
        const Edge high = high_edge(query);
        std::vector<RawId> ids;
        for (auto behind = keys.lower_bound(after ? *after : high); behind != keys.begin();) {
            const auto& key = *--behind;
            if (ids.size() == query.limit || side_of(key, low) < 0) break;
            if (side_of(key, high) < 0) ids.push_back(key.id);
        }
        return ids;
    }

    const Collection* collection_;
    std::map<RawId, Record> records_;
    std::vector<Keys> indexes_;
};

class MemoryStore final : public Store {
  public:
    explicit MemoryStore(const std::vector<const Collection*>& collections) {
        for (const auto* collection : collections) shelves_.emplace(collection->name, Shelf{*collection});
    }

    Task<Result<void>> insert(const Collection& collection, Record record) override {
        const std::scoped_lock lock{mutex_};
        auto& shelf = shelf_of(collection);
        if (shelf.contains(record.id) || shelf.is_taken(record)) co_return exists();
        record.version = 1;
        shelf.put(std::move(record));
        co_return Result<void>{};
    }

    Task<Result<std::vector<bool>>> insert_many(const Collection& collection, std::vector<Record> records) override {
        const std::scoped_lock lock{mutex_};
        auto& shelf = shelf_of(collection);
        std::vector<bool> is_new;
        for (auto& record : records) {
            is_new.push_back(!shelf.contains(record.id));
            if (!is_new.back()) continue;
            if (shelf.is_taken(record)) {
                undo(shelf, records, is_new);
                co_return exists();
            }
            record.version = 1;
            shelf.put(record);
        }
        co_return is_new;
    }

    Task<Result<Record>> get(const Collection& collection, RawId id) override {
        const std::scoped_lock lock{mutex_};
        const auto* record = shelf_of(collection).find(id);
        if (!record) co_return is_gone();
        co_return *record;
    }

    Task<Result<std::vector<Record>>> find(const Collection& collection, Query query) override {
        const std::scoped_lock lock{mutex_};
        CO_TRY(check_query(collection.index_named(query.index), query));
        auto& shelf = shelf_of(collection);
        std::vector<Record> found;
        for (const auto& id : shelf.select(query)) found.push_back(*shelf.find(id));
        co_return found;
    }

    Task<Result<std::uint64_t>> replace(const Collection& collection, Record record) override {
        const std::scoped_lock lock{mutex_};
        co_return replaced(shelf_of(collection), std::move(record));
    }

    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& collection,
                                                          std::vector<Record> records) override {
        const std::scoped_lock lock{mutex_};
        auto& shelf = shelf_of(collection);
        std::vector<std::uint64_t> versions;
        for (auto& record : records) versions.push_back(replaced(shelf, std::move(record)).value_or(0));
        co_return versions;
    }

    Task<Result<Counters>> add(const Collection& collection, RawId id, AccountId account, Counters counters) override {
        const std::scoped_lock lock{mutex_};
        auto& shelf = shelf_of(collection);
        auto* record = shelf.find(id);
        if (!record)
            record =
                &shelf.put({.id = id, .account = account, .version = 1, .fields = {}, .payload = {}, .counters = {}});
        for (const auto& [name, count] : counters) record->counters[name] += count;
        co_return record->counters;
    }

    Task<Result<std::size_t>> erase(const Collection& collection, Query query) override {
        const std::scoped_lock lock{mutex_};
        CO_TRY(check_query(collection.index_named(query.index), query));
        auto& shelf = shelf_of(collection);
        const auto ids = shelf.select(query);
        for (const auto& id : ids) shelf.erase(id);
        co_return ids.size();
    }

    Task<Result<bool>> erase(const Collection& collection, RawId id) override {
        const std::scoped_lock lock{mutex_};
        co_return shelf_of(collection).erase(id);
    }

    Task<Result<void>> check() override { co_return Result<void>{}; }

  private:
    Shelf& shelf_of(const Collection& collection) { return shelves_.at(collection.name); }

    static std::unexpected<Error> exists() {
        return fail(ErrorKind::conflict, "A record with this id or unique key exists.");
    }
    static std::unexpected<Error> is_gone() { return fail(ErrorKind::not_found, "There is no such record."); }

    static Result<std::uint64_t> replaced(Shelf& shelf, Record record) {
        const auto* stored = shelf.find(record.id);
        if (!stored || stored->account != record.account) return is_gone();
        if (stored->version != record.version)
            return fail(ErrorKind::conflict, "The record was changed in the meantime.");
        record.counters = stored->counters;
        if (shelf.is_taken(record)) return exists();
        const std::uint64_t version = ++record.version;
        shelf.erase(record.id);
        shelf.put(std::move(record));
        return version;
    }

    static void undo(Shelf& shelf, const std::vector<Record>& records, const std::vector<bool>& is_new) {
        for (std::size_t i = 0; i + 1 < is_new.size(); ++i)
            if (is_new[i]) shelf.erase(records[i].id);
    }

    std::mutex mutex_;
    std::map<std::string_view, Shelf> shelves_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(std::vector<const Collection*> collections) {
    return std::make_unique<MemoryStore>(collections);
}

}  // namespace inboxpro
