#include "tracking/own_traces.h"

#include <boost/asio/ip/address.hpp>

namespace inboxpro {
namespace {

namespace ip = boost::asio::ip;

/// A trace is written again when it is older than this: most requests only read.
constexpr std::chrono::minutes kStep{5};

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

void OwnTraces::note(AccountId account, std::string_view address) {
    const auto now = clock_.steady();
    const auto key = key_of(account, address);
    {
        const std::shared_lock lock(mutex_);
        const auto found = seen_.find(key);
        if (found != seen_.end() && now - found->second < kStep) return;
    }
    if (!is_public(address)) return;
    const std::unique_lock lock(mutex_);
    if (seen_.size() >= kMost) {
        std::erase_if(seen_, [&](const auto& entry) { return now - entry.second >= kKeptFor; });
        if (seen_.size() >= kMost) seen_.clear();
    }
    seen_[key] = now;
}

bool OwnTraces::know(AccountId account, std::string_view address) const {
    const std::shared_lock lock(mutex_);
    if (seen_.empty()) return false;
    const auto found = seen_.find(key_of(account, address));
    return found != seen_.end() && clock_.steady() - found->second < kKeptFor;
}

}  // namespace inboxpro
