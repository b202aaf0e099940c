#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "app/commands/commands.h"
#include "app/console.h"
#include "app/demo/local_google.h"
#include "app/demo/people.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

int run_sandbox(const std::string& listen, bool json) {
    hold_stop_signals();
    start_log("warn");
    const SystemClock clock;
    SystemRandom random;
    http::IoThreads threads(2);
    auto google = LocalGoogle::listen(listen, threads, clock, random);
    if (!google) return refuse(google.error());
    auto& sandbox = (*google)->sandbox();
    auto added = sandbox.add_user(std::string(kDemoUser.address), std::string(kDemoUser.name));
    for (const auto& person : kDemoRecipients)
        if (added) added = sandbox.add_user(std::string(person.address), std::string(person.name));
    if (!added) return refuse(added.error());
    (*google)->start();
    if (json)
        std::cout << boost::json::serialize(boost::json::object{{"sandbox", (*google)->origin()}}) << std::endl;
    else
        std::cout << fmt::format("The sandbox Google is at {}. Ctrl-C stops it.\n", (*google)->origin()) << std::flush;
    wait_for_stop();
    (*google)->stop(1s);
    threads.stop();
    return 0;
}

}  // namespace

void add_sandbox_command(CLI::App& app, int& exit_status) {
    auto* command = app.add_subcommand("sandbox", "Run the local Google alone: sign-in, Gmail and a small webmail.");
    auto listen = std::make_shared<std::string>("127.0.0.1:8090");
    auto json = std::make_shared<bool>(false);
    command->add_option("--listen", *listen, "Where it answers; port 0 takes a free one")->capture_default_str();
    command->add_flag("--json", *json, "Once ready, print one line {sandbox}");
    command->callback([listen, json, &exit_status] { exit_status = run_sandbox(*listen, *json); });
}

}  // namespace inboxpro::app
