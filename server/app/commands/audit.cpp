#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/audit.h"
#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"

namespace inboxpro::app {
namespace {

int verify_ledger(const NodeOptions& options) {
    const auto config = options.load();
    if (!config) return refuse(config.error());
    const SystemClock clock;
    auto node = Node::open_existing(*config, clock);
    if (!node) return refuse(node.error());
    const auto audited = verify_ledgers(**node);
    if (!audited) return refuse(audited.error());
    for (const auto& sentence : audited->broken) fmt::print(stderr, "{}\n", sentence);
    if (!audited->broken.empty()) return 1;
    fmt::print("{} entries of {} accounts, all of them intact\n", audited->entries, audited->accounts);
    return 0;
}

}  // namespace

void add_audit_command(CLI::App& app, int& exit_status) {
    auto* command = app.add_subcommand("audit", "What was written down about sending");
    command->require_subcommand(1);
    auto* verify = command->add_subcommand(
        "verify", "Check that no entry of any account's ledger was changed, taken out or put in between");
    auto options = std::make_shared<NodeOptions>();
    options->add_to(*verify);
    verify->callback([options, &exit_status] { exit_status = verify_ledger(*options); });
}

}  // namespace inboxpro::app
