#include "accounts/disconnect.h"

#include "accounts/features.h"

namespace inboxpro {
namespace {

constexpr int kMostUpdateTries = 5;

}  // namespace

Task<Result<void>> Disconnect::disconnect(AccountId account) {
    if (leaving_) co_await leaving_(account);
    auto token = CO_TRY(co_await take_token(account));
    google_.forget(account);
    CO_TRY(co_await sessions_.end_all(account));
    CO_TRY(co_await tokens_.revoke_all(account));
    if (!token) co_return Result<void>{};
    if (!co_await revoke(*token))
        co_return fail(ErrorKind::unavailable,
                       "InboxPro has forgotten its access, but Google did not confirm it. "
                       "Please remove InboxPro at myaccount.google.com/connections as well.");
    co_return Result<void>{};
}

// Google first: while it has not confirmed, the account must not look as if the permission were gone.
Task<Result<void>> Disconnect::give_back_mail(AccountId account) {
    const auto before = CO_TRY(co_await accounts_.get(account));
    if (!opens_mail(before.scopes)) co_return fail_field("feature", "This is not switched on.");
    if (before.refresh_token && !co_await revoke(*before.refresh_token))
        co_return fail(ErrorKind::unavailable, "Google did not confirm it, so nothing was changed. Please try again.");
    for (int attempt = 1;; ++attempt) {
        auto stored = CO_TRY(co_await accounts_.get(account));
        if (stored.refresh_token != before.refresh_token && stored.refresh_token) co_return Result<void>{};
        stored.refresh_token.reset();
        if (stored.state == Account::State::active) stored.state = Account::State::reconnect_needed;
        stored.scopes.erase(std::string(scope::kGmailModify));
        const auto updated = co_await accounts_.update(std::move(stored));
        google_.forget(account);
        if (updated) co_return Result<void>{};
        if (updated.error().kind != ErrorKind::conflict || attempt == kMostUpdateTries)
            co_return std::unexpected(updated.error());
    }
}

Task<Result<void>> Disconnect::revoke(Secret token) {
    auto revoked = co_await google_.api().revoke(token);
    if (!revoked && revoked.error().kind == ErrorKind::unavailable) revoked = co_await google_.api().revoke(token);
    const bool unconfirmed =
        !revoked && (revoked.error().kind == ErrorKind::unavailable || revoked.error().kind == ErrorKind::rate_limited);
    if (unconfirmed) co_return std::unexpected(revoked.error());
    co_return Result<void>{};
}

Task<Result<std::optional<Secret>>> Disconnect::take_token(AccountId account) {
    for (int attempt = 1;; ++attempt) {
        auto stored = CO_TRY(co_await accounts_.get(account));
        auto token = std::exchange(stored.refresh_token, std::nullopt);
        stored.state = Account::State::disconnected;
        stored.scopes.clear();
        const auto updated = co_await accounts_.update(std::move(stored));
        if (updated) co_return token;
        if (updated.error().kind != ErrorKind::conflict || attempt == kMostUpdateTries)
            co_return std::unexpected(updated.error());
    }
}

}  // namespace inboxpro
