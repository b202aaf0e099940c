#pragma once
#include <boost/json/object.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace inboxpro::sandbox::oauth {

/// The RSA keys that sign id tokens. Like Google's there are two at a time, of which the first signs. Made when first
/// needed, because that takes a moment. Thread-safe.
class SigningKeys {
  public:
    SigningKeys();
    ~SigningKeys();

    /// A JWT with these claims, RS256.
    std::string sign(const boost::json::object& claims);
    /// The claims of a token that one of the present keys signed; whether it expired is not looked at. Empty for any
    /// other text.
    std::optional<boost::json::object> verified(std::string_view token);
    /// A new key signs from now on. What the former one signed still verifies, until the next rotation.
    void rotate();
    /// The ids of the present keys, the signing one first.
    std::vector<std::string> ids();

    /// RFC 7517: {"keys":[…]}.
    boost::json::object as_jwks();
    /// Key id to PEM of an X.509 certificate, which is what Google's own Node client reads.
    boost::json::object as_certificates();

  private:
    struct Key;
    using Keys = std::vector<std::shared_ptr<const Key>>;
    static std::shared_ptr<const Key> make();
    Keys keys();

    std::mutex mutex_;
    Keys keys_;
};

}  // namespace inboxpro::sandbox::oauth
