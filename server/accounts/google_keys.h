#pragma once
#include <boost/json/object.hpp>
#include <mutex>

#include "google/google_api.h"

namespace inboxpro {

/// Checks tokens that Google signed, against the keys that Google publishes; keeps those as long as Google says, and
/// fetches them anew, at most once a minute, for a token that names an unknown one. Thread-safe. Keeps references to
/// what it is built from.
class GoogleKeys {
  public:
    GoogleKeys(GoogleApi& google, const Clock& clock) : google_(google), clock_(clock) {}

    /// The token's claims, see check_google_token. `invalid` when it is not a good one; `rate_limited`, `unavailable`
    /// when the keys cannot be had.
    Task<Result<boost::json::object>> claims_of(Secret token);

  private:
    Task<Result<SigningKeys>> keys();
    Task<Result<SigningKeys>> fetched();
    /// Whether an unknown key may be asked for now; then not again for a minute.
    bool may_ask_again();

    GoogleApi& google_;
    const Clock& clock_;
    std::mutex mutex_;
    SigningKeys keys_;
    TimePoint keys_end_{};
    TimePoint ask_again_at_{};
};

}  // namespace inboxpro
