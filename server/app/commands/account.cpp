#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "base/run.h"
#include "mail/mail.h"

namespace inboxpro::app {
namespace {

struct NewAccount {
    NodeOptions node;
    std::string email;
    std::string name;
};

Result<AccountId> create(const NewAccount& wanted) {
    const auto mailbox = parse_mailbox(wanted.email);
    if (!mailbox) return fail(ErrorKind::invalid, "--email is not a mail address");
    const SystemClock clock;
    auto node = TRY(wanted.node.open(clock));
    const auto account = TRY(run_to_end(node->accounts.create({.email = mailbox->address, .name = wanted.name})));
    return account.id;
}

int run(const NewAccount& wanted) {
    const auto id = create(wanted);
    if (!id) return refuse(id.error());
    std::cout << id->text() << '\n';
    return 0;
}

}  // namespace

void add_account_command(CLI::App& app, int& exit_status) {
    auto* group = app.add_subcommand("account", "Work on accounts without a browser.");
    group->require_subcommand(1);
    auto* command =
        group->add_subcommand("create", "Make an account that is not linked with Google yet; prints its id.");
    auto wanted = std::make_shared<NewAccount>();
    wanted->node.add_to(*command);
    command->add_option("--email", wanted->email, "The person's address")->required();
    command->add_option("--name", wanted->name, "The person's name")->required();
    command->callback([wanted, &exit_status] { exit_status = run(*wanted); });
}

}  // namespace inboxpro::app
