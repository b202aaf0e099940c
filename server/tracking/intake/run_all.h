#pragma once
#include <vector>

#include "base/task.h"

namespace inboxpro {

/// Runs all tasks at once on the executor that awaits them, which must be one thread; resumes when all have ended. The
/// first exception, if any, is thrown then.
Task<void> run_all(std::vector<Task<void>> tasks);

}  // namespace inboxpro
