#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace inboxpro {

/// Why a network matters.
enum class NetworkRole : std::uint8_t {
    mail_provider,    ///< Where a provider's image proxy runs.
    privacy_relay,    ///< Apple's relay: prefetches come through it, and people browse through it.
    mail_filter,      ///< Only scans mail: certain, for opens and clicks.
    security_vendor,  ///< Scans near delivery; later it may be a person behind isolation.
    hosting           ///< Rented machines; people are rare there, but not absent.
};

/// The known networks, from a text in the form of networks.txt. Never changes once it is made.
class Networks {
  public:
    static constexpr std::size_t kRoles = 5;
    /// For each role whose network it is that holds an address; empty when it is in none.
    using Owners = std::array<std::string_view, kRoles>;

    /// `invalid` naming the line that cannot be read.
    static Result<Networks> parse(std::string_view text);

    /// By address, and by the number that an ASN database gives for it. An address that does not parse is in no range.
    /// The views live as long as this.
    Owners of(std::string_view address, std::optional<std::uint32_t> number) const;

    std::size_t size() const { return ranges_.size() + numbers_.size(); }

    // Moved and not copied: the stretches look into its own ranges.
    Networks(Networks&&) = default;
    Networks& operator=(Networks&&) = default;

  private:
    /// 128 bits as two numbers; IPv4 as ::ffff:a.b.c.d.
    struct Bits {
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        auto operator<=>(const Bits&) const = default;
    };
    struct Range {
        Bits first;
        Bits last;
        NetworkRole role;
        std::string owner;
    };
    struct Number {
        NetworkRole role;
        std::string owner;
    };
    /// Addresses from here to the next stretch lie in the same ranges.
    struct Stretch {
        Bits first;
        Owners owners;
    };
    Networks() = default;
    Result<void> add(std::string_view line);
    void lay_out();
    static std::optional<Bits> bits_of(std::string_view address);
    static std::optional<Bits> next(Bits bits);
    static std::optional<Range> range_of(std::string_view cidr);

    std::vector<Range> ranges_;       ///< In the order of the text: of two that hold an address the first one counts.
    std::vector<Stretch> stretches_;  ///< Sorted; the views are into ranges_.
    std::multimap<std::uint32_t, Number> numbers_;
};

/// Those that classify() goes by: networks.txt of the build, unless others were put in their place.
const Networks& networks();
/// Puts others in their place. Before anything is classified, from one thread.
void use_networks(Networks networks);

/// Where one requester comes from.
class Origin {
  public:
    Origin(std::string_view address, std::optional<std::uint32_t> number) : owners_(networks().of(address, number)) {}
    /// Whose network of that role it is; empty when it is none.
    std::string_view in(NetworkRole role) const { return owners_[static_cast<std::size_t>(role)]; }

  private:
    Networks::Owners owners_;
};

}  // namespace inboxpro
