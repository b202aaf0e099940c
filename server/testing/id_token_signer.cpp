#include "testing/id_token_signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <boost/json/serialize.hpp>

namespace inboxpro::testing {
namespace {

EVP_PKEY* key_pair() {
    static const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048), EVP_PKEY_free);
    return key.get();
}

Bytes number_of(const char* name) {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key_pair(), name, &raw);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(raw, BN_free);
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
}

}  // namespace

IdTokenSigner::IdTokenSigner(std::string key_id) : key_id_(std::move(key_id)) {}

std::string IdTokenSigner::sign(boost::json::object header, const boost::json::object& claims) const {
    header.emplace("alg", "RS256");
    header.emplace("kid", key_id_);
    const auto signed_text =
        base64url(boost::json::serialize(header)) + '.' + base64url(boost::json::serialize(claims));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t size = 0;
    const auto* text = reinterpret_cast<const unsigned char*>(signed_text.data());
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_pair());
    EVP_DigestSign(context.get(), nullptr, &size, text, signed_text.size());
    Bytes signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, text, signed_text.size());
    return signed_text + '.' + base64url(signature);
}

SigningKey IdTokenSigner::public_key() const {
    return {.id = key_id_, .modulus = number_of(OSSL_PKEY_PARAM_RSA_N), .exponent = number_of(OSSL_PKEY_PARAM_RSA_E)};
}

}  // namespace inboxpro::testing
