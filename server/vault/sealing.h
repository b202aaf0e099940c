#pragma once
#include "base/id.h"
#include "base/random.h"
#include "vault/keys.h"

namespace inboxpro {

/// Where a sealed payload belongs. It is the associated data of the encryption: a payload that is moved to another
/// collection, record, account or key version does not open.
struct SealContext {
    std::string_view collection;
    RawId record;
    AccountId account;
};

/// AES-256-GCM with a random 96-bit nonce and a 128-bit tag. Layout: format (1 byte), algorithm (1), key version (4),
/// nonce (12), cipher text, tag (16). `key` has 32 bytes.
Bytes seal(const Secret& key, KeyVersion version, const SealContext& context, BytesView plain, Random& random);

/// The plain bytes. `corrupt` for an unknown format or algorithm, a wrong key, a wrong place, or any changed bit.
Result<Bytes> open(const Secret& key, const SealContext& context, BytesView sealed);

/// Which version of the key a sealed payload wants; `corrupt` when the envelope is not ours.
Result<KeyVersion> key_version_of(BytesView sealed);

/// Bytes that sealing adds.
inline constexpr std::size_t kSealOverhead = 1 + 1 + 4 + 12 + 16;

}  // namespace inboxpro
