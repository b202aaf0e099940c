#pragma once
#include <functional>

#include "app/node.h"
#include "tracking/messages.h"

namespace inboxpro::app {

/// Runs `step` with every message of every account, one after another, the oldest of an account first. Ends with the
/// first error.
Result<void> for_every_message(Node& node, const std::function<Task<Result<void>>(Message)>& step);

}  // namespace inboxpro::app
