#include "http/server/tls.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace inboxpro::http {

namespace ssl = boost::asio::ssl;

namespace {

constexpr auto* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK";

/// Only HTTP/1.1 is spoken; a client that offers other protocols alone is turned away (RFC 7301 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    static constexpr unsigned char kOurs[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<ssl::context> tls_context(const TlsFiles& files) {
    ssl::context context(ssl::context::tls_server);
    auto* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_cipher_list(native, kCiphers);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);

    boost::system::error_code error;
    context.use_certificate_chain_file(files.certificate_chain.string(), error);
    if (error)
        return fail(ErrorKind::invalid,
                    fmt::format("The certificate {} cannot be read as PEM.", files.certificate_chain.string()));
    // OpenSSL checks the key against the certificate while it reads it.
    context.use_private_key_file(files.private_key.string(), ssl::context::pem, error);
    if (error.value() != 0 && ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH)
        return fail(ErrorKind::invalid, fmt::format("The private key {} does not belong to the certificate {}.",
                                                    files.private_key.string(), files.certificate_chain.string()));
    if (error)
        return fail(ErrorKind::invalid,
                    fmt::format("The private key {} cannot be read as PEM.", files.private_key.string()));
    return context;
}

}  // namespace inboxpro::http
