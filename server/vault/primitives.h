#pragma once
#include <memory>
#include <optional>

#include "base/bytes.h"

struct evp_cipher_ctx_st;

namespace inboxpro {

struct FreeCipherContext {
    void operator()(evp_cipher_ctx_st* context) const;
};
using CipherContext = std::unique_ptr<evp_cipher_ctx_st, FreeCipherContext>;

/// AES-256-GCM (NIST SP 800-38D) with a 12-byte nonce: cipher text, then a tag of 16 bytes. `key` has 32 bytes.
/// Appends to `out`.
void append_gcm_sealed(Bytes& out, BytesView key, BytesView nonce, BytesView associated, BytesView plain);
/// Empty when the tag does not fit.
std::optional<Bytes> gcm_opened(BytesView key, BytesView nonce, BytesView associated, BytesView sealed);

/// AES-SIV (RFC 5297) with one string of associated data: the synthetic IV of 16 bytes, then cipher text. Holds its key
/// ready for use, because setting it up takes longer than using it. Thread-safe.
class SivKey {
  public:
    /// 32 bytes (AES-128) or 64 (AES-256).
    explicit SivKey(BytesView key);

    /// Appends to `out`. `plain` has at least one byte.
    void append_sealed(Bytes& out, BytesView associated, BytesView plain) const;
    /// Empty when the synthetic IV does not fit.
    std::optional<Bytes> opened(BytesView associated, BytesView sealed) const;

  private:
    CipherContext sealing_;
    CipherContext opening_;
};

/// HMAC-SHA-256 (RFC 2104), 32 bytes.
Bytes hmac_sha256(BytesView key, BytesView data);

inline constexpr std::size_t kTagSize = 16;  ///< Of GCM's tag and of SIV's synthetic IV.

}  // namespace inboxpro
