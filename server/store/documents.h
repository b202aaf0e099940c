#pragma once
#include <atomic>
#include <boost/json/object.hpp>

#include "store/key_ring.h"
#include "store/store.h"

namespace inboxpro {

/// A record with its payload open.
struct Document {
    RawId id;
    AccountId account;
    std::uint64_t version = 0;
    std::vector<Value> fields;
    boost::json::object body;  ///< Sealed as a whole under the account's data key when it is stored.
    Counters counters = {};
};

/// The store as capabilities use it: every body is sealed on its way in and opened on its way out, so that nothing can
/// be stored in clear except declared fields. The same promises and errors as Store. Thread-safe. Keeps references to
/// what it is built from.
class Documents {
  public:
    Documents(Store& store, KeyRing& keys, Random& random) : store_(store), keys_(keys), random_(random) {}

    Task<Result<void>> insert(const Collection& collection, Document document);
    Task<Result<std::vector<bool>>> insert_many(const Collection& collection, std::vector<Document> documents);
    Task<Result<Document>> get(const Collection& collection, RawId id);
    /// Records that do not open are left out, counted in unreadable() and stay where they are.
    Task<Result<std::vector<Document>>> find(const Collection& collection, Query query);
    /// The same records with empty bodies, also those that would not open: for counting, and for walking all of them.
    Task<Result<std::vector<Document>>> find_unopened(const Collection& collection, Query query);
    Task<Result<std::uint64_t>> replace(const Collection& collection, Document document);
    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& collection,
                                                          std::vector<Document> documents);
    Task<Result<Counters>> add(const Collection& collection, RawId id, AccountId account, Counters counters);
    Task<Result<std::size_t>> erase(const Collection& collection, Query query);
    Task<Result<bool>> erase(const Collection& collection, RawId id);

    /// Records met since the start that could not be opened.
    std::uint64_t unreadable() const { return unreadable_.load(std::memory_order_relaxed); }

  private:
    Task<Result<std::vector<Record>>> all_sealed(const Collection& collection, std::vector<Document> documents);
    Task<Result<Record>> sealed(const Collection& collection, Document document);
    Task<Result<Document>> opened(const Collection& collection, Record record);

    Store& store_;
    KeyRing& keys_;
    Random& random_;
    std::atomic<std::uint64_t> unreadable_ = 0;
};

}  // namespace inboxpro
