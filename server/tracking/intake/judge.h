#pragma once
#include "tracking/classify/classify.h"
#include "tracking/intake/message_contexts.h"

namespace inboxpro {

/// The verdict that can be given at once. A click's is provisional where the links that follow within two seconds may
/// still change it.
Verdict judge(const Event& event, const MessageContext& message);

}  // namespace inboxpro
