#include "accounts/google_keys.h"

#include "accounts/id_token.h"

namespace inboxpro {
namespace {

constexpr std::chrono::minutes kBetweenUnknownKeys{1};

}  // namespace

Task<Result<boost::json::object>> GoogleKeys::claims_of(Secret token) {
    auto claims = check_google_token(token.reveal(), CO_TRY(co_await keys()), clock_.now());
    if (claims || claims.error().kind != ErrorKind::not_found) co_return claims;
    if (may_ask_again()) claims = check_google_token(token.reveal(), CO_TRY(co_await fetched()), clock_.now());
    if (!claims) co_return fail(ErrorKind::invalid, claims.error().detail);
    co_return claims;
}

Task<Result<SigningKeys>> GoogleKeys::keys() {
    {
        const std::lock_guard lock(mutex_);
        if (clock_.now() < keys_end_) co_return keys_;
    }
    co_return co_await fetched();
}

Task<Result<SigningKeys>> GoogleKeys::fetched() {
    auto keys = CO_TRY(co_await google_.signing_keys());
    const std::lock_guard lock(mutex_);
    keys_ = keys;
    keys_end_ = clock_.now() + keys.max_age;
    co_return keys;
}

bool GoogleKeys::may_ask_again() {
    const std::lock_guard lock(mutex_);
    if (clock_.now() < ask_again_at_) return false;
    ask_again_at_ = clock_.now() + kBetweenUnknownKeys;
    return true;
}

}  // namespace inboxpro
