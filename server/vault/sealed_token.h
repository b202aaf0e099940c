#pragma once
#include <memory>

#include "vault/keys.h"

namespace inboxpro {

class SivKey;

/// Seals small values into text that is safe in a URL and cannot be read, forged or changed: AES-256-SIV (RFC 5297),
/// base64url. The purpose is associated data, so a token of one purpose never opens as another. Deterministic: equal
/// values give equal tokens, so put something unique into the value, which has at least one byte. Thread-safe; keeps no
/// reference to `keys`.
class TokenSealer {
  public:
    /// `keys`: the KeyPurpose::token set. New tokens use its newest version, all versions open.
    explicit TokenSealer(const KeySet& keys);

    /// Layout before base64url: format (1 byte), key version (2 bytes), SIV (16 bytes), cipher text.
    std::string seal(std::string_view purpose, BytesView value) const;
    /// `invalid`, with the same work done, for whatever is not a token of this purpose made with one of our keys.
    Result<Bytes> open(std::string_view purpose, std::string_view token) const;

  private:
    std::map<KeyVersion, std::shared_ptr<const SivKey>> siv_keys_;
};

}  // namespace inboxpro
