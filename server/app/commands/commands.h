#pragma once

namespace CLI {
class App;
}

namespace inboxpro::app {

// One function per subcommand: each adds its words to the command line and, when chosen, does its work and sets
// `exit_status`: 0 done, 1 refused or failed with one plain sentence on standard error.
void add_serve_command(CLI::App& app, int& exit_status);
void add_worker_command(CLI::App& app, int& exit_status);
void add_demo_command(CLI::App& app, int& exit_status);
void add_sandbox_command(CLI::App& app, int& exit_status);
void add_account_command(CLI::App& app, int& exit_status);
void add_token_command(CLI::App& app, int& exit_status);
void add_rewrite_command(CLI::App& app, int& exit_status);
void add_classify_command(CLI::App& app, int& exit_status);
void add_recount_command(CLI::App& app, int& exit_status);
void add_audit_command(CLI::App& app, int& exit_status);
void add_inspect_command(CLI::App& app, int& exit_status);
void add_doctor_command(CLI::App& app, int& exit_status);

}  // namespace inboxpro::app
