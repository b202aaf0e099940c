#pragma once
#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "google/google_api.h"

namespace inboxpro::testing {

/// Signs JSON Web Tokens as Google does (RS256), with an RSA key made once per process.
class IdTokenSigner {
  public:
    explicit IdTokenSigner(std::string key_id = "key-1");

    /// header.claims.signature; the header gets "kid" unless it has one, and "alg": "RS256" unless it has one.
    std::string sign(boost::json::object header, const boost::json::object& claims) const;
    SigningKey public_key() const;

  private:
    std::string key_id_;
};

}  // namespace inboxpro::testing
