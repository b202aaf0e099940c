#include "tracking/recount.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "app/directory_lock.h"
#include "app/every_message.h"

namespace inboxpro::app {
namespace {

struct Counted {
    std::size_t messages = 0;
    std::size_t mended = 0;
};

Result<Counted> recount_all(const NodeOptions& options) {
    const auto config = TRY(options.load());
    const auto lock = TRY(DirectoryLock::take(config.store.path));
    const SystemClock clock;
    auto node = TRY(Node::open(config, clock));
    Counted counted;
    TRY(for_every_message(*node, [&](Message message) -> Task<Result<void>> {
        const bool mended = CO_TRY(co_await recount(node->documents, message.account, message.id));
        ++counted.messages;
        counted.mended += mended ? 1 : 0;
        co_return Result<void>{};
    }));
    return counted;
}

int run(const NodeOptions& options) {
    const auto counted = recount_all(options);
    if (!counted) return refuse(counted.error());
    fmt::print("{} messages counted, {} figures mended\n", counted->messages, counted->mended);
    return 0;
}

}  // namespace

void add_recount_command(CLI::App& app, int& exit_status) {
    auto* command =
        app.add_subcommand("recount", "Count the figures of every message again from its events, while nothing serves");
    auto options = std::make_shared<NodeOptions>();
    options->add_to(*command);
    command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace inboxpro::app
