#pragma once
#include <boost/asio/ssl/context.hpp>

#include "base/error.h"
#include "http/server/server.h"

namespace inboxpro::http {

/// TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only, no compression, no renegotiation. `invalid`
/// with one sentence when a file cannot be used.
Result<boost::asio::ssl::context> tls_context(const TlsFiles& files);

}  // namespace inboxpro::http
