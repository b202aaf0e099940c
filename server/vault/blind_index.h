#pragma once
#include "base/id.h"
#include "vault/keys.h"

namespace inboxpro {

/// Keyed hashes by which the database can find a value it must not know: HMAC-SHA-256 under a key derived for one
/// account and one kind of value. Equal values in two accounts give unrelated hashes. Thread-safe; copies its key.
class BlindIndex {
  public:
    /// `keys`: the KeyPurpose::index set. The oldest version is used for good: a hash must stay findable.
    explicit BlindIndex(const KeySet& keys);

    /// 16 bytes. `kind` such as "email"; `value` already normalised by the caller (see normalised_address).
    Bytes of(AccountId account, std::string_view kind, BytesView value) const;
    /// The same across accounts, for what is unique in the whole installation (a Google subject, a session).
    Bytes global(std::string_view kind, BytesView value) const;

  private:
    Secret key_;
};

/// An address as it is compared: white space trimmed, ASCII letters in lower case.
std::string normalised_address(std::string_view address);

}  // namespace inboxpro
