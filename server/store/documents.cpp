#include "store/documents.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/turn.h"
#include "vault/sealing.h"

namespace inboxpro {
namespace {

/// Then what else waits for this thread has its turn.
constexpr std::size_t kSealedAtOnce = 128;

SealContext place_of(const Collection& collection, RawId record, AccountId account) {
    return {.collection = collection.name, .record = record, .account = account};
}

/// What was sealed; `corrupt` when it does not open under this key in this place, or is no JSON object.
Result<boost::json::object> body_of(const Collection& collection, const Record& record, const DataKey& key) {
    if (TRY(key_version_of(record.payload)) != key.version)
        return fail(ErrorKind::corrupt, "A record was sealed under a data key that is not here.");
    const Bytes plain = TRY(open(key.key, place_of(collection, record.id, record.account), record.payload));
    boost::system::error_code failure;
    auto body = boost::json::parse(plain, failure);
    if (failure || !body.is_object()) return fail(ErrorKind::corrupt, "A record holds no JSON object.");
    return std::move(body.get_object());
}

Record sealed_under(const DataKey& key, const Collection& collection, Document document, Random& random) {
    const auto place = place_of(collection, document.id, document.account);
    auto payload = seal(key.key, key.version, place, boost::json::serialize(document.body), random);
    return {.id = document.id,
            .account = document.account,
            .version = document.version,
            .fields = std::move(document.fields),
            .payload = std::move(payload),
            .counters = std::move(document.counters)};
}

}  // namespace

Task<Result<void>> Documents::insert(const Collection& collection, Document document) {
    auto record = CO_TRY(co_await sealed(collection, std::move(document)));
    co_return co_await store_.insert(collection, std::move(record));
}

Task<Result<std::vector<bool>>> Documents::insert_many(const Collection& collection, std::vector<Document> documents) {
    auto records = CO_TRY(co_await all_sealed(collection, std::move(documents)));
    co_return co_await store_.insert_many(collection, std::move(records));
}

Task<Result<Document>> Documents::get(const Collection& collection, RawId id) {
    auto record = CO_TRY(co_await store_.get(collection, id));
    co_return co_await opened(collection, std::move(record));
}

Task<Result<std::vector<Document>>> Documents::find(const Collection& collection, Query query) {
    auto records = CO_TRY(co_await store_.find(collection, std::move(query)));
    std::vector<Document> documents;
    documents.reserve(records.size());
    for (auto& record : records) {
        auto document = co_await opened(collection, std::move(record));
        if (document)
            documents.push_back(std::move(*document));
        else if (document.error().kind == ErrorKind::unavailable)
            co_return std::unexpected(std::move(document).error());
    }
    co_return documents;
}

Task<Result<std::vector<Document>>> Documents::find_unopened(const Collection& collection, Query query) {
    auto records = CO_TRY(co_await store_.find(collection, std::move(query)));
    std::vector<Document> documents;
    documents.reserve(records.size());
    for (auto& record : records)
        documents.push_back({.id = record.id,
                             .account = record.account,
                             .version = record.version,
                             .fields = std::move(record.fields),
                             .body = {},
                             .counters = std::move(record.counters)});
    co_return documents;
}

Task<Result<std::uint64_t>> Documents::replace(const Collection& collection, Document document) {
    auto record = CO_TRY(co_await sealed(collection, std::move(document)));
    co_return co_await store_.replace(collection, std::move(record));
}

Task<Result<std::vector<std::uint64_t>>> Documents::replace_many(const Collection& collection,
                                                                 std::vector<Document> documents) {
    auto records = CO_TRY(co_await all_sealed(collection, std::move(documents)));
    co_return co_await store_.replace_many(collection, std::move(records));
}

Task<Result<Counters>> Documents::add(const Collection& collection, RawId id, AccountId account, Counters counters) {
    co_return co_await store_.add(collection, id, account, std::move(counters));
}

Task<Result<std::size_t>> Documents::erase(const Collection& collection, Query query) {
    co_return co_await store_.erase(collection, std::move(query));
}

Task<Result<bool>> Documents::erase(const Collection& collection, RawId id) {
    co_return co_await store_.erase(collection, id);
}

Task<Result<std::vector<Record>>> Documents::all_sealed(const Collection& collection, std::vector<Document> documents) {
    std::vector<Record> records;
    records.reserve(documents.size());
    // Many at a time are mostly of one account.
    AccountId account;
    std::shared_ptr<const DataKey> key;
    for (auto& document : documents) {
        if (records.size() % kSealedAtOnce == kSealedAtOnce - 1) co_await let_others_run();
        if (!key || document.account != account) {
            account = document.account;
            key = CO_TRY(co_await keys_.key_of(account));
        }
        records.push_back(sealed_under(*key, collection, std::move(document), random_));
    }
    co_return records;
}

Task<Result<Record>> Documents::sealed(const Collection& collection, Document document) {
    const auto key = CO_TRY(co_await keys_.key_of(document.account));
    co_return sealed_under(*key, collection, std::move(document), random_);
}

Task<Result<Document>> Documents::opened(const Collection& collection, Record record) {
    boost::json::object body;
    // A record that add() made has nothing to open.
    if (!record.payload.empty()) {
        const auto key = co_await keys_.key_of(record.account);
        auto open_body = key ? body_of(collection, record, **key) : std::unexpected(key.error());
        if (!open_body) {
            if (open_body.error().kind != ErrorKind::unavailable) unreadable_.fetch_add(1, std::memory_order_relaxed);
            co_return std::unexpected(std::move(open_body).error());
        }
        body = std::move(*open_body);
    }
    co_return Document{.id = record.id,
                       .account = record.account,
                       .version = record.version,
                       .fields = std::move(record.fields),
                       .body = std::move(body),
                       .counters = std::move(record.counters)};
}

}  // namespace inboxpro
