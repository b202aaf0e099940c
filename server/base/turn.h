#pragma once
#include "base/task.h"

namespace inboxpro {

/// Lets what else waits for this executor run first: for long work between its pieces.
Task<void> let_others_run();

}  // namespace inboxpro
