#pragma once
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/id.h"

namespace inboxpro {

/// Where users were seen with their own sessions, so that what they open themselves is known as theirs. Kept in memory
/// only, for a day; a restart forgets it, and the next request of a session brings it back. Thread-safe.
class OwnTraces {
  public:
    static constexpr std::chrono::hours kKeptFor{24};
    static constexpr std::size_t kMost = 200'000;  ///< When there are more, all are forgotten.

    explicit OwnTraces(const Clock& clock) : clock_(clock) {}

    /// A request with a session of the account came from this address. One that is not public is not noted: it is this
    /// machine's, or a proxy's that stands before everybody.
    void note(AccountId account, std::string_view address);
    bool know(AccountId account, std::string_view address) const;

  private:
    const Clock& clock_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, SteadyPoint> seen_;  ///< By account and address.
};

}  // namespace inboxpro
