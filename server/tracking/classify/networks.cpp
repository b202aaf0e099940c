#include "tracking/classify/networks.h"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cstring>
#include <vector>

namespace inboxpro {
namespace {

namespace ip = boost::asio::ip;

/// 128 bits as two numbers; IPv4 as ::ffff:a.b.c.d.
struct Bits {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
};

Bits bits_of(const ip::address& address) {
    const auto bytes =
        (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6()).to_bytes();
    Bits out;
    for (std::size_t i = 0; i < 8; ++i) {
        out.high = out.high << 8 | bytes[i];
        out.low = out.low << 8 | bytes[i + 8];
    }
    return out;
}

struct Range {
    Bits first;
    Bits mask;
};

constexpr std::uint64_t leading_ones(unsigned count) {
    return count == 0 ? 0 : count >= 64 ? ~std::uint64_t{0} : ~std::uint64_t{0} << (64 - count);
}

Range parse(std::string_view cidr) {
    const auto slash = cidr.find('/');
    const auto address = ip::make_address(cidr.substr(0, slash));
    auto length = static_cast<unsigned>(std::stoul(std::string(cidr.substr(slash + 1))));
    if (address.is_v4()) length += 96;
    return {.first = bits_of(address),
            .mask = {.high = leading_ones(length), .low = leading_ones(length > 64 ? length - 64 : 0)}};
}

const std::vector<Range>& ranges() {
    static const auto parsed = [] {
        std::vector<Range> out;
        for (const auto& network : networks()) out.push_back(network.range.empty() ? Range{} : parse(network.range));
        return out;
    }();
    return parsed;
}

bool holds(const Range& range, const Bits& bits) {
    return (bits.high & range.mask.high) == range.first.high && (bits.low & range.mask.low) == range.first.low;
}

}  // namespace

Origin::Origin(std::string_view address, std::optional<std::uint32_t> number) {
    boost::system::error_code failure;
    const auto parsed = ip::make_address(address, failure);
    const auto bits = failure ? Bits{} : bits_of(parsed);
    const auto table = networks();
    const auto& known = ranges();
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& network = table[i];
        const bool by_number = network.number != 0 && number == network.number;
        if (!by_number && (failure || network.range.empty() || !holds(known[i], bits))) continue;
        auto& found = found_[static_cast<std::size_t>(network.role)];
        if (found == nullptr) found = &network;
    }
}

}  // namespace inboxpro
