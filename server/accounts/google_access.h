#pragma once
#include <functional>
#include <mutex>
#include <unordered_map>

#include "accounts/account.h"

namespace inboxpro {

/// Calls Google as an account: keeps its access token in memory only, refreshes it shortly before it ends (once for
/// many waiters), and once more when Google answers authError. A dead grant (invalid_grant) marks the account
/// reconnect_needed; from then on every call is `denied` without asking Google. Thread-safe. Must go before the loops
/// that await it.
class GoogleAccess {
  public:
    GoogleAccess(GoogleApi& google, Accounts& accounts, const Clock& clock)
        : google_(google), accounts_(accounts), clock_(clock) {}

    /// Runs `call`, which calls `method`, with an access token of the account. `denied` naming the scope when none that
    /// opens the method was granted. `method` lives until the end of the program.
    template <class T>
    Task<Result<T>> as(AccountId account, const GoogleMethod& method, std::function<Task<Result<T>>(Secret)> call);

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
    using Waiting = std::function<void(Result<Secret>)>;

    /// What a caller will take: a token that opens this method, and not this one.
    struct Wanted {
        const GoogleMethod* method;
        std::optional<Secret> refused;
    };

    /// With `mutex_` held.
    const Secret* cached(AccountId account, const Wanted& wanted) const;
    Task<Result<Secret>> refreshed(AccountId account, Wanted wanted);
    Task<Result<Secret>> ask_google(AccountId account);
    /// Hands the outcome of the one refresh to all who wait for it.
    void land(AccountId account, const Result<Secret>& outcome);
    Task<Result<void>> note_scopes(Account account, std::set<std::string> scopes);
    Task<Result<void>> mark_dead(AccountId account, Secret refresh_token);

    GoogleApi& google_;
    Accounts& accounts_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<AccountId, Cached> cache_;
    std::unordered_map<AccountId, std::vector<Waiting>> in_flight_;
};

template <class T>
Task<Result<T>> GoogleAccess::as(AccountId account, const GoogleMethod& method,
                                 std::function<Task<Result<T>>(Secret)> call) {
    const auto token = CO_TRY(co_await access_token(account, method));
    Result<T> first = co_await call(token);
    const bool refused = !first && first.error().kind == ErrorKind::denied && first.error().detail == "authError";
    if (!refused) co_return first;
    co_return co_await call(CO_TRY(co_await access_token(account, method, token)));
}

}  // namespace inboxpro
