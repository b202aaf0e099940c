#include <fmt/format.h>

#include "outbox/send.h"
#include "vault/primitives.h"

namespace inboxpro {
namespace {

constexpr std::string_view kTaken = "taken", kUsed = "used";
/// How long a day is kept after it is over; clocks and zones differ by less.
constexpr SendingDay kKeptDays = 3;
constexpr std::size_t kDaysForgottenAtOnce = 10;

/// One record for each account and day. In order of the days, and by itself saying which.
RawId id_of(AccountId account, SendingDay day) {
    Bytes input(account.view());
    append_u64(input, static_cast<std::uint64_t>(day));
    auto id = RawId::from_bytes(hmac_sha256("inboxpro send day", input).substr(0, sizeof(RawId::bytes))).value();
    const auto begins = static_cast<std::uint64_t>(day) * 86'400'000;
    for (std::size_t byte = 0; byte < 6; ++byte)
        id.bytes.at(byte) = static_cast<std::uint8_t>(begins >> (40 - 8 * byte));
    return id;
}

/// Places are counted for each generation of the rules by itself.
std::string counter(std::string_view what, std::int64_t generation) {
    return fmt::format("{}.{:010}", what, generation);
}

std::int64_t counted(const Counters& counters, const std::string& name) {
    const auto found = counters.find(name);
    return found == counters.end() ? 0 : found->second;
}

/// What went out, under rules of generations below this one.
std::int64_t used_below(const Counters& counters, std::int64_t generation) {
    std::int64_t used = 0;
    for (auto each = counters.lower_bound(counter(kUsed, 0)); each != counters.end() && each->first.starts_with(kUsed);
         ++each)
        if (each->first < counter(kUsed, generation)) used += each->second;
    return used;
}

std::int64_t given_away(const Counters& counters, std::int64_t generation) {
    return counted(counters, counter(kTaken, generation)) + used_below(counters, generation);
}

}  // namespace

const Collection kSendDays{
    .name = "send_days", .fields = {}, .indexes = {{.name = "by_account", .fields = {"account"}}}};

Task<Result<bool>> Sends::take_place(AccountId account, Place place, int limit) {
    const auto id = id_of(account, place.day);
    // Looked at first, so that a long line of full days costs no writes.
    const auto known = co_await documents_.get(kSendDays, id);
    if (!known && known.error().kind != ErrorKind::not_found) co_return std::unexpected(known.error());
    if (known && given_away(known->counters, place.generation) >= limit) co_return false;
    const auto after =
        CO_TRY(co_await documents_.add(kSendDays, id, account, {{counter(kTaken, place.generation), 1}}));
    if (given_away(after, place.generation) <= limit) co_return true;
    CO_TRY(co_await give_place_back(account, place, false));
    co_return false;
}

Task<Result<bool>> Sends::use_place(AccountId account, Place place, int limit) {
    const auto id = id_of(account, place.day);
    const auto name = counter(kUsed, place.generation);
    const auto after = CO_TRY(co_await documents_.add(kSendDays, id, account, {{name, 1}}));
    const auto used = used_below(after, std::numeric_limits<std::int64_t>::max());
    if (used == 1) co_await forget_days_before(account, place.day);
    if (used <= limit) co_return true;
    CO_TRY(co_await documents_.add(kSendDays, id, account, {{name, -1}}));
    co_return false;
}

Task<Result<void>> Sends::give_place_back(AccountId account, Place place, bool was_used) {
    Counters less{{counter(kTaken, place.generation), -1}};
    if (was_used) less[counter(kUsed, place.generation)] = -1;
    CO_TRY(co_await documents_.add(kSendDays, id_of(account, place.day), account, std::move(less)));
    co_return Result<void>{};
}

// Where this fails, the first mail of another day does it.
Task<void> Sends::forget_days_before(AccountId account, SendingDay day) {
    const auto oldest = co_await documents_.find_unopened(
        kSendDays, {.index = "by_account", .equals = {Bytes(account.view())}, .limit = kDaysForgottenAtOnce});
    if (!oldest) co_return;
    const auto last = id_of(account, day - kKeptDays).made_at();
    for (const auto& document : *oldest)
        if (document.id.made_at() < last) co_await documents_.erase(kSendDays, document.id);
}

}  // namespace inboxpro
