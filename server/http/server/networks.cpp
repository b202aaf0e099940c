#include "http/server/networks.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "http/server/text.h"

namespace inboxpro::http {

namespace ip = boost::asio::ip;

namespace {

/// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1" or "[2001:db8::1]:4711", as proxies write it.
std::optional<ip::address> forwarded_address(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    boost::system::error_code error;
    const auto address = ip::make_address(text, error);
    if (error) return std::nullopt;
    return plain(address);
}

}  // namespace

ip::address plain(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

Result<Networks> Networks::parse(const std::vector<std::string>& blocks) {
    Networks out;
    for (const auto& block : blocks) {
        const bool is_v6 = block.contains(':'), is_block = block.contains('/');
        boost::system::error_code error;
        if (is_v6)
            out.v6_.push_back(ip::make_network_v6(is_block ? block : block + "/128", error));
        else
            out.v4_.push_back(ip::make_network_v4(is_block ? block : block + "/32", error));
        if (error) return fail(ErrorKind::invalid, fmt::format("{} is not an address or a CIDR block.", block));
    }
    return out;
}

bool Networks::contains(const ip::address& address) const {
    if (address.is_v4())
        return std::ranges::any_of(v4_, [host = ip::network_v4(address.to_v4(), 32)](const auto& network) {
            return host == network || host.is_subnet_of(network);
        });
    return std::ranges::any_of(v6_, [host = ip::network_v6(address.to_v6(), 128)](const auto& network) {
        return host == network || host.is_subnet_of(network);
    });
}

Origin origin_of(const RequestHead& head, const Origin& peer, const Networks& proxies) {
    Origin origin = peer;
    if (!proxies.contains(peer.client)) return origin;
    bool client_found = false, scheme_found = false;
    for (const auto& field : std::views::reverse(head.fields)) {
        auto rest = field.value;
        if (!scheme_found && same_ignoring_case(field.name, "X-Forwarded-Proto")) {
            origin.secure = same_ignoring_case(trimmed(rest.substr(rest.rfind(',') + 1)), "https");
            scheme_found = true;
        }
        if (!same_ignoring_case(field.name, "X-Forwarded-For")) continue;
        while (!client_found && !rest.empty()) {
            const auto comma = rest.rfind(',');
            const auto address = forwarded_address(rest.substr(comma + 1));
            rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
            if (address) origin.client = *address;
            client_found = !address || !proxies.contains(*address);
        }
    }
    return origin;
}

}  // namespace inboxpro::http
