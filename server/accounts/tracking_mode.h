#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace inboxpro {

/// Whether mail of an account is tracked at all. Off until its user chose otherwise on the activation page.
enum class TrackingMode : std::uint8_t {
    off = 1,
    consented_only = 2,  ///< Only for recipients who agreed.
    on = 3
};

std::string_view name_of(TrackingMode mode);  ///< "off", "consented_only", "on"
std::optional<TrackingMode> tracking_mode_named(std::string_view name);

}  // namespace inboxpro
