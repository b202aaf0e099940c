#include "accounts/pauses.h"

#include <algorithm>

#include "google/backoff.h"

namespace inboxpro {
namespace {

using std::chrono::seconds;

constexpr seconds kAfterAuthError{600};
constexpr seconds kLongest{3'600};
constexpr seconds kAhead{30};

bool concerns_the_account(const Error& error) {
    return error.kind == ErrorKind::rate_limited || error.detail == "authError" || error.detail == "domainPolicy" ||
           error.detail.starts_with("failedPrecondition");
}

std::chrono::milliseconds length_of(const Error& error, int refusals, double chance) {
    if (error.kind == ErrorKind::denied) return error.detail == "authError" ? kAfterAuthError : kLongest;
    return std::min<std::chrono::milliseconds>(back_off(refusals, error.retry_after, chance), kLongest);
}

Error left_of(Error error, std::chrono::milliseconds left) {
    if (error.kind == ErrorKind::rate_limited) error.retry_after = std::chrono::ceil<seconds>(left);
    return error;
}

}  // namespace

// Calls that were under way together are refused together: that is one refusal.
void Pauses::heed(AccountId account, const GoogleMethod& method, const Error& error, const Secret& grant, TimePoint now,
                  double chance) {
    if (error.kind != ErrorKind::rate_limited && error.kind != ErrorKind::denied) return;
    const auto what = concerns_the_account(error) ? api_of(method) : method.id;
    const std::lock_guard lock(mutex_);
    auto& of_account = pauses_[account];
    int refusals = 1;
    auto until = now;
    if (const auto known = of_account.find(what); known != of_account.end() && known->second.grant == grant) {
        const bool is_another = known->second.tried || known->second.until <= now;
        refusals = known->second.refusals + (is_another ? 1 : 0);
        if (!is_another) until = known->second.until;
    }
    until =
        std::max<TimePoint>(until, now + std::chrono::ceil<TimePoint::duration>(length_of(error, refusals, chance)));
    of_account.insert_or_assign(what, Pause{.until = until, .error = error, .grant = grant, .refusals = refusals});
}

std::vector<Pauses::Pause*> Pauses::of(AccountId account, const GoogleMethod& method, const Secret& grant) {
    std::vector<Pause*> pauses;
    const auto of_account = pauses_.find(account);
    if (of_account == pauses_.end()) return pauses;
    std::erase_if(of_account->second, [&](const auto& entry) { return entry.second.grant != grant; });
    for (const auto what : {api_of(method), method.id})
        if (const auto found = of_account->second.find(what); found != of_account->second.end())
            pauses.push_back(&found->second);
    return pauses;
}

std::optional<Error> Pauses::standing(AccountId account, const GoogleMethod& method, const Secret& grant,
                                      TimePoint now) {
    const std::lock_guard lock(mutex_);
    for (const auto* pause : of(account, method, grant))
        if (now < pause->until) return left_of(pause->error, pause->until - now);
    return {};
}

std::optional<Error> Pauses::enter(AccountId account, const GoogleMethod& method, const Secret& grant, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto pauses = of(account, method, grant);
    for (const auto* pause : pauses)
        if (now < pause->until) return left_of(pause->error, pause->until - now);
    for (auto* pause : pauses) {
        pause->until = now + kAhead;
        pause->tried = true;
    }
    return {};
}

void Pauses::succeeded(AccountId account, const GoogleMethod& method) {
    const std::lock_guard lock(mutex_);
    const auto of_account = pauses_.find(account);
    if (of_account == pauses_.end()) return;
    std::erase_if(of_account->second, [&](const auto& entry) {
        return entry.second.tried && (entry.first == api_of(method) || entry.first == method.id);
    });
    if (of_account->second.empty()) pauses_.erase(of_account);
}

void Pauses::forget(AccountId account) {
    const std::lock_guard lock(mutex_);
    pauses_.erase(account);
}

}  // namespace inboxpro
