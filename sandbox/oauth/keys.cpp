#include "sandbox/oauth/keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "base/bytes.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::oauth {
namespace {

namespace json = boost::json;

constexpr unsigned kBits = 2048;
constexpr std::size_t kKeys = 2;
constexpr const char* kValidFrom = "20200101000000Z";
constexpr const char* kValidUntil = "20991231235959Z";

template <auto free>
struct Free {
    template <class T>
    void operator()(T* pointer) const {
        free(pointer);
    }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Free<free>>;
using KeyPair = Owned<EVP_PKEY, EVP_PKEY_free>;

/// OpenSSL fails here only when memory or randomness is out: then the sandbox cannot start.
void check(bool worked) {
    if (!worked) throw std::runtime_error("OpenSSL could not make a signing key");
}

Bytes number(const EVP_PKEY* key, const char* name) {
    BIGNUM* found = nullptr;
    check(EVP_PKEY_get_bn_param(key, name, &found) == 1);
    const Owned<BIGNUM, BN_free> owned{found};
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
    BN_bn2bin(found, reinterpret_cast<unsigned char*>(bytes.data()));
    return bytes;
}

std::string certificate_of(EVP_PKEY* key) {
    const Owned<X509, X509_free> certificate{X509_new()};
    auto* name = X509_get_subject_name(certificate.get());
    static constexpr std::string_view kName = "federated-signon.system.gserviceaccount.com";
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    check(X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
          ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), kValidFrom) == 1 &&
          ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), kValidUntil) == 1 &&
          X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(kName.data()),
                                     static_cast<int>(kName.size()), -1, 0) == 1 &&
          X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key) == 1 &&
          X509_sign(certificate.get(), key, EVP_sha256()) > 0);

    const Owned<BIO, BIO_free> memory{BIO_new(BIO_s_mem())};
    check(PEM_write_bio_X509(memory.get(), certificate.get()) == 1);
    char* text = nullptr;
    const auto length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

Bytes sha1(BytesView bytes) {
    Bytes digest(SHA_DIGEST_LENGTH, '\0');
    SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

std::optional<json::object> object_of(std::string_view encoded) {
    const auto decoded = from_base64url(encoded);
    auto object = decoded ? read_object(*decoded) : fail(ErrorKind::invalid, "not base64url");
    return object ? std::optional(std::move(*object)) : std::nullopt;
}

}  // namespace

struct SigningKeys::Key {
    std::string id;
    KeyPair pair;
    Bytes modulus;
    Bytes exponent;
    std::string certificate;
};

SigningKeys::SigningKeys() = default;
SigningKeys::~SigningKeys() = default;

std::shared_ptr<const SigningKeys::Key> SigningKeys::make() {
    KeyPair pair{EVP_RSA_gen(kBits)};
    check(pair != nullptr);
    auto modulus = number(pair.get(), OSSL_PKEY_PARAM_RSA_N);
    auto exponent = number(pair.get(), OSSL_PKEY_PARAM_RSA_E);
    auto certificate = certificate_of(pair.get());
    return std::make_shared<const Key>(hex(sha1(modulus)), std::move(pair), std::move(modulus), std::move(exponent),
                                       std::move(certificate));
}

SigningKeys::Keys SigningKeys::keys() {
    const std::lock_guard lock(mutex_);
    while (keys_.size() < kKeys) keys_.push_back(make());
    return keys_;
}

void SigningKeys::rotate() {
    auto fresh = make();
    keys();
    const std::lock_guard lock(mutex_);
    keys_.insert(keys_.begin(), std::move(fresh));
    keys_.resize(kKeys);
}

std::vector<std::string> SigningKeys::ids() {
    std::vector<std::string> ids;
    for (const auto& key : keys()) ids.push_back(key->id);
    return ids;
}

std::string SigningKeys::sign(const json::object& claims) {
    const auto key = keys().front();
    const json::object header{{"alg", "RS256"}, {"kid", key->id}, {"typ", "JWT"}};
    auto token = base64url(json::serialize(header)) + "." + base64url(json::serialize(claims));

    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
    std::size_t length = kBits / 8;
    Bytes signature(length, '\0');
    check(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key->pair.get()) == 1 &&
          EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                         reinterpret_cast<const unsigned char*>(token.data()), token.size()) == 1);
    return token + "." + base64url(signature);
}

std::optional<json::object> SigningKeys::verified(std::string_view token) {
    const auto first = token.find('.'), last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return {};
    const auto header = object_of(token.substr(0, first)),
               claims = object_of(token.substr(first + 1, last - first - 1));
    const auto signature = from_base64url(token.substr(last + 1));
    if (!header || !claims || !signature) return {};
    const auto present = keys();
    const auto id = text_in(*header, "kid");
    const auto key = std::ranges::find_if(present, [&](const auto& each) { return each->id == id; });
    if (key == present.end()) return {};
    const auto signed_part = token.substr(0, last);
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
    check(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, (*key)->pair.get()) == 1);
    const bool fits =
        EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()), signature->size(),
                         reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size()) == 1;
    return fits ? claims : std::nullopt;
}

json::object SigningKeys::as_jwks() {
    json::array list;
    for (const auto& key : keys())
        list.push_back(json::object{{"kid", key->id},
                                    {"kty", "RSA"},
                                    {"alg", "RS256"},
                                    {"use", "sig"},
                                    {"n", base64url(key->modulus)},
                                    {"e", base64url(key->exponent)}});
    return {{"keys", std::move(list)}};
}

json::object SigningKeys::as_certificates() {
    json::object map;
    for (const auto& key : keys()) map[key->id] = key->certificate;
    return map;
}

}  // namespace inboxpro::sandbox::oauth
