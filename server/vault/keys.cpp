#include "vault/keys.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdlib>

namespace inboxpro {
namespace {

const EVP_KDF* hkdf() {
    static const EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    return kdf;
}

OSSL_PARAM octets(const char* name, BytesView bytes) {
    // OpenSSL takes no null pointer, not even for an empty string.
    const char* const data = bytes.empty() ? "" : bytes.data();
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(data), bytes.size());
}

}  // namespace

const Secret* KeySet::find(KeyVersion version) const {
    const auto found = keys_.find(version);
    return found == keys_.end() ? nullptr : &found->second;
}

Secret derive_key(const Secret& key, BytesView salt, std::string_view info, std::size_t size) {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                     octets(OSSL_KDF_PARAM_KEY, key.reveal()), octets(OSSL_KDF_PARAM_SALT, salt),
                                     octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    Bytes derived(size, '\0');
    EVP_KDF_CTX* const context = EVP_KDF_CTX_new(const_cast<EVP_KDF*>(hkdf()));
    if (!context || EVP_KDF_derive(context, reinterpret_cast<unsigned char*>(derived.data()), size, parameters) != 1)
        std::abort();
    EVP_KDF_CTX_free(context);
    return Secret{std::move(derived)};
}

}  // namespace inboxpro
