#include "tracking/own_traces.h"

#include <boost/asio/ip/address.hpp>

#include "tracking/body.h"

namespace inboxpro {
namespace {

namespace ip = boost::asio::ip;

/// A trace is written again when it is older than this: most requests only read.
constexpr std::chrono::minutes kStep{5};
constexpr std::size_t kTracesPage = 1'000;

bool is_public(const ip::address_v4& address) {
    const auto number = address.to_uint();
    const auto within = [number](std::uint32_t network, int bits) { return (number ^ network) >> (32 - bits) == 0; };
    // RFC 1918, RFC 6598, loopback, link-local, "this network".
    return !within(0x0a000000, 8) && !within(0xac100000, 12) && !within(0xc0a80000, 16) && !within(0x64400000, 10) &&
           !within(0x7f000000, 8) && !within(0xa9fe0000, 16) && !within(0, 8);
}

bool is_public(const ip::address_v6& address) {
    if (address.is_v4_mapped()) return is_public(ip::make_address_v4(ip::v4_mapped, address));
    const bool is_unique_local = (address.to_bytes()[0] & 0xfe) == 0xfc;  // RFC 4193
    return !is_unique_local && !address.is_loopback() && !address.is_link_local() && !address.is_unspecified();
}

bool is_public(std::string_view text) {
    boost::system::error_code failure;
    const auto address = ip::make_address(text, failure);
    if (failure) return false;
    return address.is_v4() ? is_public(address.to_v4()) : is_public(address.to_v6());
}

std::string key_of(AccountId account, std::string_view address) {
    return std::string{account.view()}.append(address);
}

}  // namespace

const Collection kOwnTraces{
    .name = "own_traces",
    .fields = {{"at", FieldKind::integer}},
    .indexes = {{.name = "by_time", .fields = {"at"}}},
};

Task<void> OwnTraces::note(AccountId account, std::string address) {
    const auto now = clock_.now();
    const auto key = key_of(account, address);
    {
        const std::shared_lock lock(mutex_);
        const auto found = seen_.find(key);
        if (found != seen_.end() && now - found->second < kStep) co_return;
    }
    if (!is_public(address)) co_return;
    keep(key, now);
    Document trace{.id = RawId::from_bytes(index_.of(account, "own trace", address)).value(),
                   .account = account,
                   .fields = {to_millis(now)},
                   .body = {{"address", address}}};
    const auto stored = co_await documents_.insert(kOwnTraces, trace);
    if (stored || stored.error().kind != ErrorKind::conflict) co_return;
    const auto earlier = co_await documents_.get(kOwnTraces, trace.id);
    if (!earlier) co_return;
    trace.version = earlier->version;
    co_await documents_.replace(kOwnTraces, std::move(trace));
}

void OwnTraces::keep(const std::string& key, TimePoint at) {
    const std::unique_lock lock(mutex_);
    if (seen_.size() >= kMost) seen_.clear();
    auto& last = seen_[key];
    last = std::max(last, at);
}

bool OwnTraces::know(AccountId account, std::string_view address) const {
    const std::shared_lock lock(mutex_);
    if (seen_.empty()) return false;
    const auto found = seen_.find(key_of(account, address));
    return found != seen_.end() && clock_.now() - found->second < kKeptFor;
}

void OwnTraces::note_in_gmail(AccountId account) {
    const std::unique_lock lock(mutex_);
    if (in_gmail_.size() >= kMost) in_gmail_.clear();
    in_gmail_[account] = clock_.steady();
}

bool OwnTraces::was_in_gmail(AccountId account) const {
    const std::shared_lock lock(mutex_);
    const auto found = in_gmail_.find(account);
    return found != in_gmail_.end() && clock_.steady() - found->second <= kActiveFor;
}

Task<Result<void>> OwnTraces::keep_up() {
    const auto now = clock_.now();
    CO_TRY(co_await read_new(now));
    {
        const std::unique_lock lock(mutex_);
        const auto steady = clock_.steady();
        std::erase_if(seen_, [now](const auto& each) { return now - each.second >= kKeptFor; });
        std::erase_if(in_gmail_, [steady](const auto& each) { return steady - each.second > kActiveFor; });
    }
    const Query old{.index = "by_time", .equals = {}, .below = to_millis(now - kKeptFor), .limit = kTracesPage};
    while (CO_TRY(co_await documents_.erase(kOwnTraces, old)) > 0) continue;
    co_return Result<void>{};
}

Task<Result<void>> OwnTraces::read_new(TimePoint now) {
    Query query{.index = "by_time", .equals = {}, .limit = kTracesPage};
    {
        const std::shared_lock lock(mutex_);
        query.from = to_millis(std::max(newest_ - kOverlap, now - kKeptFor));
    }
    for (;;) {
        const auto page = CO_TRY(co_await documents_.find(kOwnTraces, query));
        if (page.empty()) co_return Result<void>{};
        for (const auto& trace : page)
            keep(key_of(trace.account, CO_TRY(text_in(trace.body, "address"))), CO_TRY(time_field(trace, 0)));
        query.after = Query::Position{.value = page.back().fields.at(0), .id = page.back().id};
        const std::unique_lock lock(mutex_);
        newest_ = std::max(newest_, CO_TRY(time_field(page.back(), 0)));
    }
}

}  // namespace inboxpro
