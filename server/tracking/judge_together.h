#pragma once
#include <span>
#include <vector>

#include "tracking/events.h"
#include "tracking/messages.h"

namespace inboxpro {

/// Verdicts on all that was seen of one message, in the order of `events`, each with what the others say about it.
/// Pure, and the same in whatever order they are given. Replies and bounces keep theirs.
///
/// A click stays provisional for `settled_after`, where links that follow may still change its label.
std::vector<Verdict> judge_together(const Message& message, std::span<const JudgedEvent> events, TimePoint now,
                                    std::chrono::seconds settled_after);

}  // namespace inboxpro
