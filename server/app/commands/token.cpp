#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "accounts/api_tokens.h"
#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "base/run.h"
#include "http/api/gate.h"

namespace inboxpro::app {
namespace {

struct NewToken {
    NodeOptions node;
    std::string email;
    std::vector<std::string> scopes;
};

Result<std::set<std::string>> scopes_of(const NewToken& wanted) {
    const auto& all = http::kAllScopes;
    if (wanted.scopes.empty()) return std::set<std::string>(std::begin(all), std::end(all));
    for (const auto& scope : wanted.scopes)
        if (std::find(std::begin(all), std::end(all), scope) == std::end(all))
            return fail(ErrorKind::invalid,
                        fmt::format("there is no scope {}; there are {}", scope, fmt::join(all, ", ")));
    return std::set<std::string>(wanted.scopes.begin(), wanted.scopes.end());
}

Result<Secret> create(const NewToken& wanted) {
    auto scopes = TRY(scopes_of(wanted));
    const SystemClock clock;
    auto node = TRY(wanted.node.open(clock));
    const auto account = run_to_end(node->accounts.by_email(wanted.email));
    if (!account && account.error().kind == ErrorKind::not_found)
        return fail(ErrorKind::not_found, "no account has this address");
    if (!account) return std::unexpected(account.error());
    ApiTokens tokens(node->documents, node->index, clock, node->random);
    return TRY(run_to_end(tokens.issue(account->id, "command line", std::move(scopes)))).value;
}

int run(const NewToken& wanted) {
    const auto token = create(wanted);
    if (!token) return refuse(token.error());
    std::cout << token->reveal() << '\n';
    return 0;
}

}  // namespace

void add_token_command(CLI::App& app, int& exit_status) {
    auto* group = app.add_subcommand("token", "Work on API tokens.");
    group->require_subcommand(1);
    auto* command = group->add_subcommand("create", "Make a bearer token; it is shown this once.");
    auto wanted = std::make_shared<NewToken>();
    wanted->node.add_to(*command);
    command->add_option("--email", wanted->email, "Whose token")->required();
    command->add_option("--scope", wanted->scopes, "What it may do; repeat it for several. Without it: everything.");
    command->callback([wanted, &exit_status] { exit_status = run(*wanted); });
}

}  // namespace inboxpro::app
