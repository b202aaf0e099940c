#pragma once
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace inboxpro {

/// "Mon, 23 Nov 2026 09:30:00 GMT" (RFC 9110 section 5.6.7); empty for anything else.
std::optional<TimePoint> from_http_date(std::string_view text);

}  // namespace inboxpro
