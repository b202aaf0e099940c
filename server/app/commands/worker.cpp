#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "app/working.h"

namespace inboxpro::app {
namespace {

int work(const NodeOptions& options) {
    hold_stop_signals();
    auto config = options.load();
    if (!config) return refuse(config.error());
    start_log(config->log.level);
    const SystemClock clock;
    auto working = Working::open(std::move(*config), clock);
    if (!working) return refuse(working.error());
    (*working)->start();
    std::cout << "InboxPro sends mail that is due. Ctrl-C stops it.\n" << std::flush;
    wait_for_stop();
    (*working)->stop();
    return 0;
}

}  // namespace

void add_worker_command(CLI::App& app, int& exit_status) {
    auto* command = app.add_subcommand("worker",
                                       "Send mail that is due, beside the server and others of its kind, on the same "
                                       "database.");
    auto options = std::make_shared<NodeOptions>();
    options->add_to(*command);
    command->callback([options, &exit_status] { exit_status = work(*options); });
}

}  // namespace inboxpro::app
