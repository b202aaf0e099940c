#include "tracking/classify/networks.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <set>

namespace inboxpro {

std::string_view embedded_networks();

namespace {

namespace ip = boost::asio::ip;

constexpr std::pair<std::string_view, NetworkRole> kRoleNames[] = {
    {"mail_provider", NetworkRole::mail_provider},
    {"privacy_relay", NetworkRole::privacy_relay},
    {"mail_filter", NetworkRole::mail_filter},
    {"security_vendor", NetworkRole::security_vendor},
    {"hosting", NetworkRole::hosting},
};

std::optional<NetworkRole> role_named(std::string_view name) {
    for (const auto& [known, role] : kRoleNames)
        if (known == name) return role;
    return {};
}

std::optional<std::uint32_t> whole_number(std::string_view text) {
    std::uint32_t number = 0;
    const auto* const end = text.end();
    const auto [stopped, failure] = std::from_chars(text.begin(), end, number);
    return failure == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

std::string_view next_word(std::string_view& text) {
    const auto begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    const auto end = std::min(text.find_first_of(" \t\r", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r", end), text.size()));
    return word;
}

constexpr std::uint64_t ones_behind(unsigned count) {
    return count >= 64 ? 0 : ~std::uint64_t{0} >> count;
}

Networks& networks_in_use() {
    static auto in_use = Networks::parse(embedded_networks()).value();
    return in_use;
}

}  // namespace

Result<Networks> Networks::parse(std::string_view text) {
    Networks networks;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.starts_with('#')) continue;
        if (const auto added = networks.add(line); !added)
            return fail(ErrorKind::invalid, fmt::format("line {}: {}", number, added.error().detail));
    }
    networks.lay_out();
    return networks;
}

Result<void> Networks::add(std::string_view line) {
    const auto role = role_named(next_word(line));
    if (!role) return fail(ErrorKind::invalid, "what the network is, is none of the known words");
    const auto where = next_word(line);
    const std::string owner(line.substr(0, line.find_last_not_of(" \t\r") + 1));
    if (owner.empty()) return fail(ErrorKind::invalid, "it does not say whose network it is");
    if (where.starts_with("AS")) {
        const auto number = whole_number(where.substr(2));
        if (!number || *number == 0) return fail(ErrorKind::invalid, fmt::format("{} is no network's number", where));
        numbers_.emplace(*number, Number{*role, owner});
        return {};
    }
    auto range = range_of(where);
    if (!range) return fail(ErrorKind::invalid, fmt::format("{} is no range of addresses", where));
    range->role = *role;
    range->owner = owner;
    ranges_.push_back(std::move(*range));
    return {};
}

std::optional<Networks::Bits> Networks::bits_of(std::string_view text) {
    boost::system::error_code failure;
    const auto address = ip::make_address(text, failure);
    if (failure) return {};
    const auto bytes =
        (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6()).to_bytes();
    Bits out;
    for (std::size_t i = 0; i < 8; ++i) {
        out.high = out.high << 8 | bytes[i];
        out.low = out.low << 8 | bytes[i + 8];
    }
    return out;
}

/// Empty behind the last address there is.
std::optional<Networks::Bits> Networks::next(Bits bits) {
    if (++bits.low == 0 && ++bits.high == 0) return {};
    return bits;
}

/// From its first address on, as it must be written.
std::optional<Networks::Range> Networks::range_of(std::string_view cidr) {
    const auto slash = cidr.find('/');
    if (slash == std::string_view::npos) return {};
    const auto first = bits_of(cidr.substr(0, slash));
    auto length = whole_number(cidr.substr(slash + 1));
    const bool is_v4 = !cidr.contains(':');
    if (!first || !length || *length > (is_v4 ? 32U : 128U)) return {};
    const unsigned bits = *length + (is_v4 ? 96 : 0);
    const Bits within{.high = ones_behind(bits), .low = ones_behind(bits > 64 ? bits - 64 : 0)};
    if ((first->high & within.high) != 0 || (first->low & within.low) != 0) return {};
    return Range{.first = *first,
                 .last = {.high = first->high | within.high, .low = first->low | within.low},
                 .role = {},
                 .owner = {}};
}

/// Walks over all addresses once, from edge to edge of the ranges.
void Networks::lay_out() {
    struct Edge {
        Bits at;
        bool is_begin;
        std::size_t range;
    };
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        edges.push_back({ranges_[i].first, true, i});
        if (const auto behind = next(ranges_[i].last)) edges.push_back({*behind, false, i});
    }
    std::ranges::sort(edges, {}, &Edge::at);
    std::array<std::set<std::size_t>, kRoles> here;
    for (const auto& [at, is_begin, range] : edges) {
        const auto role = static_cast<std::size_t>(ranges_[range].role);
        if (is_begin)
            here[role].insert(range);
        else
            here[role].erase(range);
        if (stretches_.empty() || stretches_.back().first != at)
            stretches_.push_back({at, stretches_.empty() ? Owners{} : stretches_.back().owners});
        stretches_.back().owners[role] = here[role].empty() ? "" : std::string_view{ranges_[*here[role].begin()].owner};
    }
}

Networks::Owners Networks::of(std::string_view address, std::optional<std::uint32_t> number) const {
    Owners owners;
    if (const auto bits = bits_of(address)) {
        const auto behind = std::ranges::upper_bound(stretches_, *bits, {}, &Stretch::first);
        if (behind != stretches_.begin()) owners = std::prev(behind)->owners;
    }
    if (!number) return owners;
    const auto [begin, end] = numbers_.equal_range(*number);
    for (auto known = begin; known != end; ++known) {
        auto& owner = owners[static_cast<std::size_t>(known->second.role)];
        if (owner.empty()) owner = known->second.owner;
    }
    return owners;
}

const Networks& networks() {
    return networks_in_use();
}

void use_networks(Networks networks) {
    networks_in_use() = std::move(networks);
}

}  // namespace inboxpro
