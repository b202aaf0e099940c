#include "tracking/address.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace inboxpro {

namespace ip = boost::asio::ip;

std::string kept_address(AddressPolicy policy, std::string_view text) {
    if (policy == AddressPolicy::none) return {};
    boost::system::error_code failure;
    auto address = ip::make_address(text, failure);
    if (failure) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
    if (policy == AddressPolicy::full) return address.to_string();
    if (address.is_v4()) return ip::address_v4{address.to_v4().to_uint() & 0xffff'ff00U}.to_string();
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + 6, bytes.end(), std::uint8_t{0});
    return ip::address_v6{bytes}.to_string();
}

}  // namespace inboxpro
