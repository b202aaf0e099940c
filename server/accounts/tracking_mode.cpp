#include "accounts/tracking_mode.h"

namespace inboxpro {

std::string_view name_of(TrackingMode mode) {
    switch (mode) {
        case TrackingMode::consented_only: return "consented_only";
        case TrackingMode::on: return "on";
        case TrackingMode::off: break;
    }
    return "off";
}

std::optional<TrackingMode> tracking_mode_named(std::string_view name) {
    for (const auto mode : {TrackingMode::off, TrackingMode::consented_only, TrackingMode::on})
        if (name_of(mode) == name) return mode;
    return {};
}

}  // namespace inboxpro
