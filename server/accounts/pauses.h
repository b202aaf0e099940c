#pragma once
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/secret.h"
#include "google/methods.h"

namespace inboxpro {

/// Until when Google wants to be left alone by an account, so that the account's other work need not ask to be told the
/// same. In memory only: after a start each account asks once. Thread-safe.
class Pauses {
  public:
    /// Takes note of what Google answered to `method` under `grant` (a refresh token); `chance` in [0, 1) spreads
    /// accounts that were refused together:
    /// `rate_limited`  the method's whole API rests as back_off() says for so many refusals in a row, an hour at most;
    /// `denied`        for what concerns the whole account (domainPolicy, no Gmail) its API rests for an hour, after an
    ///                 authError with a fresh token for ten minutes; for anything else this method rests for an hour;
    /// anything else   is no reason to pause.
    void heed(AccountId account, const GoogleMethod& method, const Error& error, const Secret& grant, TimePoint now,
              double chance);
    /// The error that Google gave, with what is left of its time, while the account should not call `method`. A new
    /// grant ends every pause.
    std::optional<Error> standing(AccountId account, const GoogleMethod& method, const Secret& grant, TimePoint now);
    /// The same for who is about to call. When a pause is over one caller goes ahead, and the others wait half a minute
    /// or until succeeded().
    std::optional<Error> enter(AccountId account, const GoogleMethod& method, const Secret& grant, TimePoint now);
    void succeeded(AccountId account, const GoogleMethod& method);
    void forget(AccountId account);

  private:
    struct Pause {
        TimePoint until;
        Error error;
        Secret grant;
        int refusals = 1;    ///< In a row.
        bool tried = false;  ///< Its time is over and somebody went ahead.
    };
    using OfAccount = std::map<std::string_view, Pause>;  ///< By method or API.

    /// With `mutex_` held: the pauses that `method` may meet.
    std::vector<Pause*> of(AccountId account, const GoogleMethod& method, const Secret& grant);

    std::mutex mutex_;
    std::unordered_map<AccountId, OfAccount> pauses_;
};

}  // namespace inboxpro
