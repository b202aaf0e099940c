#include "vault/primitives.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <cstdlib>

namespace inboxpro {
namespace {

// OpenSSL fails here only when memory or its own library is broken: no caller could go on safely.
void must(bool fine) {
    if (!fine) std::abort();
}

const unsigned char* in(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out_of(char* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}
int length(BytesView bytes) {
    return static_cast<int>(bytes.size());
}

const EVP_CIPHER* fetched(const char* name) {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    must(cipher != nullptr);
    return cipher;
}

const EVP_CIPHER* siv(std::size_t key_size) {
    static const EVP_CIPHER* const of_128 = fetched("AES-128-SIV");
    static const EVP_CIPHER* const of_256 = fetched("AES-256-SIV");
    must(key_size == 32 || key_size == 64);
    return key_size == 32 ? of_128 : of_256;
}

CipherContext new_context() {
    CipherContext context{EVP_CIPHER_CTX_new()};
    must(context != nullptr);
    return context;
}

enum class Direction : std::uint8_t { opening, sealing };

CipherContext new_gcm_context(Direction direction) {
    static const EVP_CIPHER* const cipher = fetched("AES-256-GCM");
    auto context = new_context();
    must(EVP_CipherInit_ex2(context.get(), cipher, nullptr, nullptr, direction == Direction::sealing, nullptr) == 1);
    return context;
}

/// A context of this thread, ready for one text. Naming the cipher again would make OpenSSL build the context anew.
template <Direction direction>
EVP_CIPHER_CTX* gcm_context(BytesView key, BytesView nonce) {
    thread_local const CipherContext context = new_gcm_context(direction);
    must(key.size() == 32 && nonce.size() == 12);
    must(EVP_CipherInit_ex2(context.get(), nullptr, in(key), in(nonce), -1, nullptr) == 1);
    return context.get();
}

/// A context of this thread that stands where `ready` stands.
EVP_CIPHER_CTX* siv_context(const CipherContext& ready) {
    thread_local const CipherContext context = new_context();
    must(EVP_CIPHER_CTX_copy(context.get(), ready.get()) == 1);
    return context.get();
}

struct FreeMacContext {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

/// HMAC() would look its algorithms up by name each time, which takes longer than the digest.
MacContext new_hmac_sha256_context() {
    static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    must(hmac != nullptr);
    MacContext context{EVP_MAC_CTX_new(hmac)};
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    must(context != nullptr && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
    return context;
}

/// Whether the text fits its tag, when opening.
bool run(EVP_CIPHER_CTX* context, BytesView associated, BytesView from, char* to) {
    int written = 0;
    must(EVP_CipherUpdate(context, nullptr, &written, in(associated), length(associated)) == 1);
    if (EVP_CipherUpdate(context, out_of(to), &written, in(from), length(from)) != 1) return false;
    return EVP_CipherFinal_ex(context, out_of(to) + written, &written) == 1;
}

}  // namespace

void FreeCipherContext::operator()(evp_cipher_ctx_st* context) const {
    EVP_CIPHER_CTX_free(context);
}

void append_gcm_sealed(Bytes& out, BytesView key, BytesView nonce, BytesView associated, BytesView plain) {
    auto* const context = gcm_context<Direction::sealing>(key, nonce);
    const std::size_t start = out.size();
    out.resize(start + plain.size() + kTagSize);
    char* const text = out.data() + start;
    must(run(context, associated, plain, text));
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, text + plain.size()) == 1);
}

std::optional<Bytes> gcm_opened(BytesView key, BytesView nonce, BytesView associated, BytesView sealed) {
    if (sealed.size() < kTagSize) return {};
    auto* const context = gcm_context<Direction::opening>(key, nonce);
    const BytesView text = sealed.substr(0, sealed.size() - kTagSize);
    Bytes tag{sealed.substr(text.size())};
    Bytes plain(text.size(), '\0');
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1);
    if (!run(context, associated, text, plain.data())) return {};
    return plain;
}

SivKey::SivKey(BytesView key) : sealing_(new_context()), opening_(new_context()) {
    must(EVP_EncryptInit_ex2(sealing_.get(), siv(key.size()), in(key), nullptr, nullptr) == 1);
    must(EVP_DecryptInit_ex2(opening_.get(), siv(key.size()), in(key), nullptr, nullptr) == 1);
}

void SivKey::append_sealed(Bytes& out, BytesView associated, BytesView plain) const {
    must(!plain.empty());
    auto* const context = siv_context(sealing_);
    const std::size_t start = out.size();
    out.resize(start + kTagSize + plain.size());
    char* const tag = out.data() + start;
    must(run(context, associated, plain, tag + kTagSize));
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1);
}

std::optional<Bytes> SivKey::opened(BytesView associated, BytesView sealed) const {
    if (sealed.size() <= kTagSize) return {};
    auto* const context = siv_context(opening_);
    Bytes tag{sealed.substr(0, kTagSize)};
    const BytesView text = sealed.substr(kTagSize);
    Bytes plain(text.size(), '\0');
    must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1);
    if (!run(context, associated, text, plain.data())) return {};
    return plain;
}

Bytes hmac_sha256(BytesView key, BytesView data) {
    thread_local const MacContext context = new_hmac_sha256_context();
    Bytes mac(32, '\0');
    std::size_t written = 0;
    must(EVP_MAC_init(context.get(), in(key), key.size(), nullptr) == 1);
    must(EVP_MAC_update(context.get(), in(data), data.size()) == 1);
    must(EVP_MAC_final(context.get(), out_of(mac.data()), &written, mac.size()) == 1 && written == mac.size());
    return mac;
}

}  // namespace inboxpro
