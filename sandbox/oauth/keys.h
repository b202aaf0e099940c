#pragma once
#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <vector>

namespace inboxpro::sandbox::oauth {

/// The RSA keys that sign id tokens. Like Google's there are two at a time, of which one signs. Made when first needed,
/// because that takes a moment. Thread-safe.
class SigningKeys {
  public:
    SigningKeys();
    ~SigningKeys();

    /// A JWT with these claims, RS256.
    std::string sign(const boost::json::object& claims);
    /// RFC 7517: {"keys":[…]}.
    boost::json::object as_jwks();
    /// Key id to PEM of an X.509 certificate, which is what Google's own Node client reads.
    boost::json::object as_certificates();

  private:
    struct Key;
    const std::vector<Key>& keys();

    std::once_flag made_;
    std::vector<Key> keys_;
};

}  // namespace inboxpro::sandbox::oauth
