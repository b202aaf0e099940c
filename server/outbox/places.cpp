#include "outbox/send.h"
#include "vault/primitives.h"

namespace inboxpro {
namespace {

constexpr const char* kTaken = "taken";

/// One record for each account and day.
RawId id_of(AccountId account, SendingDay day) {
    Bytes input(account.view());
    append_u64(input, static_cast<std::uint64_t>(day));
    return RawId::from_bytes(hmac_sha256("inboxpro send day", input).substr(0, sizeof(RawId::bytes))).value();
}

}  // namespace

const Collection kSendDays{
    .name = "send_days", .fields = {}, .indexes = {{.name = "by_account", .fields = {"account"}}}};

Task<Result<bool>> Sends::take_place(AccountId account, SendingDay day, int limit) {
    const auto id = id_of(account, day);
    // Looked at first, so that a long line of full days costs no writes.
    const auto known = co_await documents_.get(kSendDays, id);
    if (!known && known.error().kind != ErrorKind::not_found) co_return std::unexpected(known.error());
    if (known && known->counters.contains(kTaken) && known->counters.at(kTaken) >= limit) co_return false;
    const auto counted = CO_TRY(co_await documents_.add(kSendDays, id, account, {{kTaken, 1}}));
    if (counted.at(kTaken) <= limit) co_return true;
    CO_TRY(co_await give_place_back(account, day));
    co_return false;
}

Task<Result<void>> Sends::give_place_back(AccountId account, SendingDay day) {
    CO_TRY(co_await documents_.add(kSendDays, id_of(account, day), account, {{kTaken, -1}}));
    co_return Result<void>{};
}

}  // namespace inboxpro
