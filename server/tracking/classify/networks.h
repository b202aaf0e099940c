#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace inboxpro {

/// Why a network matters.
enum class NetworkRole : std::uint8_t {
    mail_provider,    ///< Where a provider's image proxy runs.
    privacy_relay,    ///< Apple's relay: prefetches come through it, and people browse through it.
    mail_filter,      ///< Only scans mail: certain, for opens and clicks.
    security_vendor,  ///< Scans near delivery; later it may be a person behind isolation.
    hosting           ///< Rented machines; people are rare there, but not absent.
};

struct Network {
    std::string_view range;  ///< CIDR; empty: known by its number only.
    std::uint32_t number;    ///< Autonomous system; 0: known by its range only.
    NetworkRole role;
    std::string_view owner;
};

/// The table, see networks_table.cpp for sources.
std::span<const Network> networks();

/// Which of them one requester comes from; the table is read once. An address that does not parse is in no range.
class Origin {
  public:
    Origin(std::string_view address, std::optional<std::uint32_t> number);
    /// The first network of that role which holds the address or has the number; null when none does.
    const Network* in(NetworkRole role) const { return found_[static_cast<std::size_t>(role)]; }

  private:
    std::array<const Network*, 5> found_{};
};

}  // namespace inboxpro
