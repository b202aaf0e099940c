#pragma once

namespace inboxpro::app {

/// The whole program: reads the words, runs the subcommand. Returns the exit status: 0 done, 1 refused or failed with
/// one plain sentence on standard error, 2 wrong usage.
int run_command_line(int argc, char** argv);

}  // namespace inboxpro::app
