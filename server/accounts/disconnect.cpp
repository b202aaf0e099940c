#include "accounts/disconnect.h"

namespace inboxpro {
namespace {

constexpr int kMostTries = 5;

}  // namespace

Task<Result<void>> Disconnect::disconnect(AccountId account) {
    if (leaving_) co_await leaving_(account);
    auto token = CO_TRY(co_await take_token(account));
    google_.forget(account);
    CO_TRY(co_await sessions_.end_all(account));
    CO_TRY(co_await tokens_.revoke_all(account));
    if (!token) co_return Result<void>{};
    auto revoked = co_await google_.api().revoke(*token);
    if (!revoked && revoked.error().kind == ErrorKind::unavailable) revoked = co_await google_.api().revoke(*token);
    const bool unconfirmed =
        !revoked && (revoked.error().kind == ErrorKind::unavailable || revoked.error().kind == ErrorKind::rate_limited);
    if (unconfirmed)
        co_return fail(ErrorKind::unavailable,
                       "InboxPro has forgotten its access, but Google did not confirm it. "
                       "Please remove InboxPro at myaccount.google.com/connections as well.");
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
        if (updated.error().kind != ErrorKind::conflict || attempt == kMostTries)
            co_return std::unexpected(updated.error());
    }
}

}  // namespace inboxpro
