#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/console.h"
#include "app/serving.h"

namespace inboxpro::app {
namespace {

int serve(const std::optional<std::filesystem::path>& file) {
    hold_stop_signals();
    auto config = load_config(file, process_environment);
    if (!config) return refuse(config.error());
    start_log(config->log.level);
    const SystemClock clock;
    auto serving = Serving::open(std::move(*config), clock);
    if (!serving) return refuse(serving.error());
    (*serving)->start();
    std::cout << fmt::format("InboxPro serves the app at {} and tracking at {}. Ctrl-C stops it.\n",
                             (*serving)->app_origin(), (*serving)->tracking_origin())
              << std::flush;
    wait_for_stop();
    (*serving)->stop();
    return 0;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_status) {
    auto* command =
        app.add_subcommand("serve", "Run the server. Every setting can also be given as INBOXPRO_SECTION_KEY.");
    auto file = std::make_shared<std::optional<std::filesystem::path>>();
    command->add_option("--config", *file, "TOML file with settings, see docs/guide/configuration.md");
    command->callback([file, &exit_status] { exit_status = serve(*file); });
}

}  // namespace inboxpro::app
