#pragma once
#include <functional>
#include <mutex>
#include <unordered_map>

#include "accounts/account.h"
#include "accounts/pauses.h"
#include "google/backoff.h"
#include "google/unit_budget.h"

namespace inboxpro {

/// What makes calls to Google wait for their turn, and repeats wait before they are made.
struct Pacing {
    UnitBudget& budget;
    Sleeper& sleeper;
    Random& random;
};

/// Calls Google as an account: keeps its access token in memory only, refreshes it shortly before it ends (once for
/// many waiters), and once more when Google answers authError. A dead grant (invalid_grant) marks the account
/// reconnect_needed; from then on every call is `denied` without asking Google. The same holds for a while after Google
/// told the account to wait or to stay away (see Pauses). A waiter whose coroutine is cancelled leaves the others
/// alone. Without `pacing` no call waits and none is repeated. Thread-safe. Must go before the loops that await it.
class GoogleAccess {
  public:
    GoogleAccess(GoogleApi& google, Accounts& accounts, const Clock& clock, std::optional<Pacing> pacing = {})
        : google_(google), accounts_(accounts), clock_(clock), pacing_(pacing) {}

    /// Runs `call`, which calls `method`, with an access token of the account, when it is its turn: `rate_limited` with
    /// the time to come back, and without having called, when that takes longer than `pace` says. `denied` naming the
    /// scope when none that opens the method was granted. `method` lives until the end of the program.
    template <class T>
    Task<Result<T>> as(AccountId account, const GoogleMethod& method, std::function<Task<Result<T>>(Secret)> call,
                       Pace pace = {});

    /// The same for a call that may be made more than once: one that reads, or names what it makes by an id of our own.
    /// After `unavailable` and `rate_limited` it is repeated up to three times, each time after a longer wait, as long
    /// as that wait ends `within` this time.
    template <class T>
    Task<Result<T>> repeatable_as(AccountId account, const GoogleMethod& method,
                                  std::function<Task<Result<T>>(Secret)> call,
                                  std::chrono::milliseconds within = std::chrono::seconds{20}, Pace pace = {});

    /// What is known without asking Google: `denied` or `rate_limited` when `as` would say so at once.
    Task<Result<void>> may_ask(AccountId account, const GoogleMethod& method);
    /// A valid access token, and not the one in `refused`, which Google would not take.
    Task<Result<Secret>> access_token(AccountId account, const GoogleMethod& method,
                                      std::optional<Secret> refused = {});
    /// Forgets what is in memory: after disconnecting or reconnecting.
    void forget(AccountId account);
    GoogleApi& api() { return google_; }

  private:
    struct Cached {
        Secret token;
        TimePoint expires_at;
        std::set<std::string> scopes;
    };
    using Finish = std::function<void(Result<Secret>)>;
    struct Waiting {
        std::uint64_t number;
        Finish finish;
    };
    static constexpr int kMostTries = 4;

    /// What a caller will take: a token that opens this method, and not this one.
    struct Wanted {
        const GoogleMethod* method;
        std::optional<Secret> refused;
    };

    /// An access token, and the refresh token that it came of.
    struct Admission {
        Secret token;
        Secret grant;
    };
    Task<Result<Admission>> admit(AccountId account, const GoogleMethod& method, std::optional<Secret> refused = {});
    /// Remembers what Google said, so that the account's other work need not hear it too.
    void heed(AccountId account, const GoogleMethod& method, const Error& error, const Secret& grant) {
        pauses_.heed(account, method, error, grant, clock_.now(), chance());
    }
    /// With `mutex_` held.
    const Secret* cached(AccountId account, const Wanted& wanted) const;
    Task<Result<Secret>> refreshed(AccountId account, Wanted wanted);
    /// The waiter ends with an error now, if it still waits.
    void give_up(AccountId account, std::uint64_t number);
    template <class T>
    Task<Result<T>> in_turn(AccountId account, const GoogleMethod& method, std::function<Task<Result<T>>(Secret)> call,
                            Admission admission, Pace pace);
    Task<Result<Secret>> ask_google(AccountId account);
    /// Hands the outcome of the one refresh to all who wait for it.
    void land(AccountId account, const Result<Secret>& outcome);
    /// In [0, 1), by which waits are spread.
    double chance();
    Task<Result<void>> note_scopes(Account account, std::set<std::string> scopes);
    Task<Result<void>> mark_dead(AccountId account, Secret refresh_token);

    GoogleApi& google_;
    Accounts& accounts_;
    const Clock& clock_;
    const std::optional<Pacing> pacing_;
    Pauses pauses_;
    std::mutex mutex_;
    std::unordered_map<AccountId, Cached> cache_;
    std::unordered_map<AccountId, std::vector<Waiting>> in_flight_;
    std::uint64_t last_number_ = 0;
};

/// 401: Google no longer takes the access token, which may be for want of a fresh one.
inline bool calls_for_fresh_token(const Error& error) {
    return error.kind == ErrorKind::denied && error.detail == "authError";
}

/// Google took the call up and refused what it asks for, as it would at any time: no reason to leave it alone.
inline bool is_plain_answer(const Error& error) {
    return error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid || error.kind == ErrorKind::conflict;
}

template <class T>
Task<Result<T>> GoogleAccess::in_turn(AccountId account, const GoogleMethod& method,
                                      std::function<Task<Result<T>>(Secret)> call, Admission admission, Pace pace) {
    if (pacing_) CO_TRY(co_await pacing_->budget.take(account, method, pace));
    Result<T> outcome = co_await call(std::move(admission.token));
    if (outcome || is_plain_answer(outcome.error()))
        pauses_.succeeded(account, method);
    else if (!calls_for_fresh_token(outcome.error()))
        heed(account, method, outcome.error(), admission.grant);
    co_return outcome;
}

template <class T>
Task<Result<T>> GoogleAccess::as(AccountId account, const GoogleMethod& method,
                                 std::function<Task<Result<T>>(Secret)> call, Pace pace) {
    const auto admission = CO_TRY(co_await admit(account, method));
    Result<T> first = co_await in_turn<T>(account, method, call, admission, pace);
    if (first || !calls_for_fresh_token(first.error())) co_return first;
    pace.units_ahead = 0;
    const auto fresh = CO_TRY(co_await admit(account, method, admission.token));
    Result<T> second = co_await in_turn<T>(account, method, std::move(call), fresh, pace);
    if (!second && calls_for_fresh_token(second.error())) heed(account, method, second.error(), fresh.grant);
    co_return second;
}

template <class T>
Task<Result<T>> GoogleAccess::repeatable_as(AccountId account, const GoogleMethod& method,
                                            std::function<Task<Result<T>>(Secret)> call,
                                            std::chrono::milliseconds within, Pace pace) {
    const auto end = clock_.steady() + within;
    for (int tries = 1;; ++tries) {
        Result<T> outcome = co_await as<T>(account, method, call, pace);
        const bool may_pass = !outcome && (outcome.error().kind == ErrorKind::unavailable ||
                                           outcome.error().kind == ErrorKind::rate_limited);
        if (!may_pass || !pacing_ || tries == kMostTries) co_return outcome;
        const auto wait = back_off(tries, outcome.error().retry_after, chance());
        if (clock_.steady() + wait > end) co_return outcome;
        co_await pacing_->sleeper.sleep(wait);
    }
}

}  // namespace inboxpro
