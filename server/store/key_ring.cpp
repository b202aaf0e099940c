#include "store/key_ring.h"

#include "vault/sealing.h"

namespace inboxpro {
namespace {

constexpr KeyVersion kFirstVersion = 1;
constexpr std::size_t kKeySize = 32;

SealContext place_of(AccountId account) {
    return {.collection = kAccountKeys.name, .record = account.raw, .account = account};
}

}  // namespace

const Collection kAccountKeys = {.name = "account_keys", .fields = {}, .indexes = {}};

Task<Result<void>> KeyRing::create(AccountId account) {
    Secret key{random_.bytes(kKeySize)};
    Bytes plain;
    plain.reserve(sizeof kFirstVersion + kKeySize);
    append_u32(plain, kFirstVersion);
    plain.append(key.reveal());
    const Secret wrapped{std::move(plain)};
    Record record{.id = account.raw, .account = account, .fields = {}, .payload = {}, .counters = {}};
    record.payload = seal(master_.newest_key(), master_.newest(), place_of(account), wrapped.reveal(), random_);
    auto inserted = co_await store_.insert(kAccountKeys, std::move(record));
    if (!inserted && inserted.error().kind != ErrorKind::conflict) co_return inserted;
    co_return Result<void>{};
}

Task<Result<std::shared_ptr<const DataKey>>> KeyRing::key_of(AccountId account) {
    std::uint64_t destroyed_before = 0;
    {
        const std::scoped_lock lock{mutex_};
        if (const auto found = cache_.find(account); found != cache_.end()) co_return found->second;
        destroyed_before = destroyed_;
    }
    auto record = co_await store_.get(kAccountKeys, account.raw);
    if (!record && record.error().kind == ErrorKind::not_found)
        co_return fail(ErrorKind::not_found, "The account has no data key.");
    if (!record) co_return std::unexpected(std::move(record).error());
    auto key = CO_TRY(unwrapped(account, record->payload));
    const std::scoped_lock lock{mutex_};
    // A key that was destroyed while it was read must not come back.
    if (destroyed_ == destroyed_before) cache_.emplace(account, key);
    co_return key;
}

Task<Result<void>> KeyRing::destroy(AccountId account) {
    CO_TRY(co_await store_.erase(kAccountKeys, account.raw));
    const std::scoped_lock lock{mutex_};
    cache_.erase(account);
    ++destroyed_;
    co_return Result<void>{};
}

Result<std::shared_ptr<const DataKey>> KeyRing::unwrapped(AccountId account, BytesView payload) const {
    const auto* master = master_.find(TRY(key_version_of(payload)));
    if (!master) return fail(ErrorKind::corrupt, "The key file lacks the master key of a data key.");
    const Secret plain{TRY(open(*master, place_of(account), payload))};
    auto rest = plain.reveal();
    const KeyVersion version = TRY(take_u32(rest));
    if (rest.size() != kKeySize) return fail(ErrorKind::corrupt, "A data key has a wrong size.");
    return std::make_shared<const DataKey>(DataKey{.version = version, .key = Secret{Bytes{rest}}});
}

}  // namespace inboxpro
