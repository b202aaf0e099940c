#pragma once
#include <string>

#include "base/error.h"

namespace inboxpro::app {

/// One plain sentence on standard error; returns the exit status 1.
int refuse(const Error& error);

/// Log lines go to standard error: time in UTC, level, one line each whatever is in them. `level`: debug, info, warn or
/// error.
void start_log(const std::string& level);

/// From here on SIGINT and SIGTERM wait for wait_for_stop(). Called before any thread starts.
void hold_stop_signals();
/// Returns when the program is asked to stop.
void wait_for_stop();

}  // namespace inboxpro::app
