#pragma once
#include <chrono>
#include <optional>

namespace inboxpro {

/// How long to wait before asking Google again: 1 to 2 s after the first try, twice as long after each further one, at
/// most 64 s; but never less than what Google asked for. `tries` so far, at least 1; `chance` in [0, 1) spreads those
/// who were refused together.
std::chrono::milliseconds back_off(int tries, std::optional<std::chrono::seconds> retry_after, double chance);

}  // namespace inboxpro
