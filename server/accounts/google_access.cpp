#include "accounts/google_access.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/resume.h"

namespace inboxpro {
namespace {

constexpr std::chrono::seconds kRefreshBefore{60};
constexpr int kMostUpdates = 5;
constexpr GoogleMethod kRefresh{"oauth2.token", {}, 0};

Result<void> may_call(const Account& account, const GoogleMethod* method) {
    if (account.state == Account::State::disconnected)
        return fail(ErrorKind::denied, "The account is disconnected from Google.");
    if (account.state == Account::State::reconnect_needed || !account.refresh_token)
        return fail(ErrorKind::denied, "invalid_grant: the account must be connected with Google again");
    if (method != nullptr && !is_open(*method, account.scopes))
        return fail(ErrorKind::denied, fmt::format("insufficientPermissions: {} is not granted", method->scopes[0]));
    return {};
}

}  // namespace

Task<Result<Secret>> GoogleAccess::access_token(AccountId account, const GoogleMethod& method,
                                                std::optional<Secret> refused) {
    co_return CO_TRY(co_await admit(account, method, std::move(refused))).token;
}

Task<Result<GoogleAccess::Admission>> GoogleAccess::admit(AccountId account, const GoogleMethod& method,
                                                          std::optional<Secret> refused) {
    Wanted wanted{.method = &method, .refused = std::move(refused)};
    const auto stored = CO_TRY(co_await accounts_.get(account));
    CO_TRY(may_call(stored, wanted.method));
    if (auto error = pauses_.enter(account, method, *stored.refresh_token, clock_.now()))
        co_return std::unexpected(std::move(*error));
    co_return Admission{.token = CO_TRY(co_await refreshed(account, std::move(wanted))),
                        .grant = *stored.refresh_token};
}

Task<Result<void>> GoogleAccess::may_ask(AccountId account, const GoogleMethod& method) {
    const auto stored = CO_TRY(co_await accounts_.get(account));
    CO_TRY(may_call(stored, &method));
    if (auto error = pauses_.standing(account, method, *stored.refresh_token, clock_.now()))
        co_return std::unexpected(std::move(*error));
    co_return Result<void>{};
}

double GoogleAccess::chance() {
    if (!pacing_) return 0;
    std::uint32_t number = 0;
    for (const char byte : pacing_->random.bytes(sizeof number))
        number = number << 8 | static_cast<unsigned char>(byte);
    return number / 4'294'967'296.0;
}

void GoogleAccess::forget(AccountId account) {
    pauses_.forget(account);
    const std::lock_guard lock(mutex_);
    cache_.erase(account);
}

const Secret* GoogleAccess::cached(AccountId account, const Wanted& wanted) const {
    const auto found = cache_.find(account);
    if (found == cache_.end() || found->second.expires_at - kRefreshBefore <= clock_.now()) return nullptr;
    const auto& [token, expires_at, scopes] = found->second;
    const bool too_narrow = !is_open(*wanted.method, scopes);
    return too_narrow || token == wanted.refused ? nullptr : &token;
}

Task<Result<Secret>> GoogleAccess::refreshed(AccountId account, Wanted wanted) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto* token = cached(account, wanted)) co_return *token;
    }
    auto executor = co_await boost::asio::this_coro::executor;
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++last_number_;
    }
    co_return co_await finished_elsewhere<Result<Secret>>(
        [this, account, wanted, executor, number](const Finish& finish) {
            {
                const std::lock_guard lock(mutex_);
                // A refresh may have landed since.
                if (const auto* token = cached(account, wanted)) return finish(*token);
                const auto [flight, first] = in_flight_.try_emplace(account);
                flight->second.push_back({.number = number, .finish = finish});
                if (!first) return;
            }
            boost::asio::co_spawn(
                executor, ask_google(account), [this, account](std::exception_ptr failure, auto outcome) {
                    if (failure) outcome = fail(ErrorKind::unavailable, "The refresh failed in an unexpected way.");
                    land(account, outcome);
                });
        },
        [this, account, number] { give_up(account, number); });
}

void GoogleAccess::give_up(AccountId account, std::uint64_t number) {
    Finish finish;
    {
        const std::lock_guard lock(mutex_);
        const auto flight = in_flight_.find(account);
        if (flight == in_flight_.end()) return;
        const auto found = std::ranges::find(flight->second, number, &Waiting::number);
        if (found == flight->second.end()) return;
        finish = std::move(found->finish);
        flight->second.erase(found);
    }
    finish(fail(ErrorKind::unavailable, "The caller gave up."));
}

void GoogleAccess::land(AccountId account, const Result<Secret>& outcome) {
    std::vector<Waiting> waiting;
    {
        const std::lock_guard lock(mutex_);
        waiting = std::move(in_flight_.extract(account).mapped());
    }
    for (const auto& waiter : waiting) waiter.finish(outcome);
}

Task<Result<Secret>> GoogleAccess::ask_google(AccountId account) {
    auto stored = CO_TRY(co_await accounts_.get(account));
    CO_TRY(may_call(stored, nullptr));
    if (auto error = pauses_.enter(account, kRefresh, *stored.refresh_token, clock_.now()))
        co_return std::unexpected(std::move(*error));
    auto grant = co_await google_.refresh(*stored.refresh_token);
    if (!grant) {
        pauses_.heed(account, kRefresh, grant.error(), *stored.refresh_token, clock_.now(), chance());
        if (grant.error().kind == ErrorKind::denied && grant.error().detail.starts_with("invalid_grant"))
            CO_TRY(co_await mark_dead(account, *stored.refresh_token));
        co_return std::unexpected(std::move(grant).error());
    }
    pauses_.succeeded(account, kRefresh);
    if (grant->scopes.empty()) grant->scopes = stored.scopes;
    if (grant->scopes != stored.scopes) CO_TRY(co_await note_scopes(std::move(stored), grant->scopes));
    const std::lock_guard lock(mutex_);
    cache_[account] = {.token = grant->access_token, .expires_at = grant->expires_at, .scopes = grant->scopes};
    co_return std::move(grant->access_token);
}

// A conflict means that a sign-in was faster; what that one noted is newer.
Task<Result<void>> GoogleAccess::note_scopes(Account account, std::set<std::string> scopes) {
    account.scopes = std::move(scopes);
    const auto updated = co_await accounts_.update(std::move(account));
    if (!updated && updated.error().kind != ErrorKind::conflict) co_return std::unexpected(updated.error());
    co_return Result<void>{};
}

Task<Result<void>> GoogleAccess::mark_dead(AccountId account, Secret refresh_token) {
    {
        const std::lock_guard lock(mutex_);
        cache_.erase(account);
    }
    for (int attempt = 0; attempt < kMostUpdates; ++attempt) {
        auto stored = CO_TRY(co_await accounts_.get(account));
        if (!stored.refresh_token || *stored.refresh_token != refresh_token) co_return Result<void>{};
        stored.state = Account::State::reconnect_needed;
        stored.refresh_token.reset();
        const auto updated = co_await accounts_.update(std::move(stored));
        if (updated) {
            forget(account);
            co_return Result<void>{};
        }
        if (updated.error().kind != ErrorKind::conflict) co_return std::unexpected(updated.error());
    }
    co_return fail(ErrorKind::conflict, "The account is being changed; try again.");
}

}  // namespace inboxpro
