#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

#include "store/store.h"
#include "vault/keys.h"

namespace inboxpro {

/// Collection "account_keys": one record per account, id = account id; payload = the data key and its version, sealed
/// under the master key. Destroying the record destroys everything the account ever stored.
extern const Collection kAccountKeys;

struct DataKey {
    KeyVersion version;
    Secret key;
};

/// The data keys of accounts: made once, wrapped by the master key, unwrapped on first use and then kept in memory.
/// The nil account is the installation itself. Thread-safe. Keeps references to what it is built from.
class KeyRing {
  public:
    KeyRing(Store& store, const KeySet& master, Random& random) : store_(store), master_(master), random_(random) {}

    /// Makes the key of a new account; harmless when it exists.
    Task<Result<void>> create(AccountId account);
    /// `not_found` when the account has no key (never made, or destroyed), `corrupt` when it does not unwrap.
    Task<Result<std::shared_ptr<const DataKey>>> key_of(AccountId account);
    /// Destroys the wrapped key: nothing of the account can be read again.
    Task<Result<void>> destroy(AccountId account);

  private:
    Result<std::shared_ptr<const DataKey>> unwrapped(AccountId account, BytesView payload) const;

    Store& store_;
    const KeySet& master_;
    Random& random_;
    std::mutex mutex_;
    std::unordered_map<AccountId, std::shared_ptr<const DataKey>> cache_;
    std::uint64_t destroyed_ = 0;  ///< How often destroy() was done.
};

}  // namespace inboxpro
