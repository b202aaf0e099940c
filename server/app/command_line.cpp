#include "app/command_line.h"

#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "app/commands/commands.h"

namespace inboxpro::app {
namespace {

constexpr int kWrongUsage = 2;

/// A core file would hold keys and addresses.
void leave_no_core_file() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int run_command_line(int argc, char** argv) {
    leave_no_core_file();
    std::signal(SIGPIPE, SIG_IGN);

    CLI::App app{"InboxPro: know whether your mail was read, and keep its content in Gmail.", "inboxpro"};
    app.require_subcommand(1);
    int exit_status = 0;
    for (auto* add : {add_serve_command, add_worker_command, add_demo_command, add_sandbox_command, add_account_command,
                      add_token_command, add_rewrite_command, add_classify_command, add_recount_command,
                      add_audit_command, add_inspect_command, add_doctor_command})
        add(app, exit_status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& refusal) {
        return app.exit(refusal) == 0 ? 0 : kWrongUsage;
    } catch (const std::exception& bug) {
        std::cerr << "inboxpro: stopped by an unexpected error: " << bug.what() << '\n';
        return 1;
    }
    return exit_status;
}

}  // namespace inboxpro::app
