#pragma once
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace inboxpro::sandbox::oauth {

/// An application that may sign people in. Google's console makes these.
struct Client {
    std::string id;
    std::string secret;
    std::vector<std::string> redirect_uris;  ///< Compared byte for byte.
};

/// What the console and the administrators say about an application.
struct Standing {
    bool testing = false;     ///< Publishing status "Testing" instead of "In production".
    bool restricted = false;  ///< Administrators block it: no Workspace account may use it.
    bool deleted = false;
    std::string internal_to;  ///< Only accounts of this domain may use it; empty: everybody.
    std::optional<std::chrono::seconds> grant_life = {};  ///< People grant it access for this long only.
};

/// The registered applications. With none registered, every client id is welcome with any redirect address, and the
/// first secret that it uses is its secret from then on. Thread-safe.
class Clients {
  public:
    explicit Clients(std::vector<Client> registered);

    bool knows(std::string_view id) const;
    bool may_return_to(std::string_view id, std::string_view redirect_uri) const;
    bool has_secret(const std::string& id, const std::string& secret);

    /// In production and open to all, unless something else was set.
    Standing standing(std::string_view id) const;
    void set_standing(const std::string& id, Standing standing);

  private:
    const bool open_;
    mutable std::mutex mutex_;
    std::map<std::string, Client, std::less<>> clients_;
    std::map<std::string, Standing, std::less<>> standings_;
};

}  // namespace inboxpro::sandbox::oauth
