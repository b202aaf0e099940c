#pragma once
#include "base/run.h"

namespace inboxpro::testing {

/// Runs one task to its end and returns what it returns.
template <class T>
T run(Task<T> task) {
    return run_to_end(std::move(task));
}

}  // namespace inboxpro::testing
