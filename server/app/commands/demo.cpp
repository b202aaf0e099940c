#include "app/demo/demo.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "app/commands/commands.h"
#include "app/console.h"
#include "app/demo/people.h"

namespace inboxpro::app {
namespace {

void print_json(Demo& demo) {
    const boost::json::object line{{"app", demo.serving().app_origin()},
                                   {"tracking", demo.serving().tracking_origin()},
                                   {"sandbox", demo.sandbox_origin()},
                                   {"account", demo.account()},
                                   {"token", demo.token().reveal()}};
    std::cout << boost::json::serialize(line) << std::endl;
}

void print_welcome(Demo& demo) {
    const auto& app = demo.serving().app_origin();
    const auto& sandbox = demo.sandbox_origin();
    std::cout << fmt::format(
                     "\nInboxPro is running.\n\n"
                     "  Dashboard         {}\n"
                     "                    Sign in with Google, choose {} ({}).\n"
                     "                    Or activate a new account: {}/activate\n"
                     "  Google (sandbox)  {}\n"
                     "                    Read a mail as its recipient: {}/mail/{}\n"
                     "  Pixels and links  {}\n\n"
                     "Ctrl-C stops everything.\n",
                     app, kDemoUser.name, kDemoUser.address, app, sandbox, sandbox, kDemoRecipients.front().address,
                     demo.serving().tracking_origin())
              << std::flush;
}

int run_demo(const DemoOptions& options, bool json) {
    hold_stop_signals();
    start_log(process_environment("INBOXPRO_LOG_LEVEL").value_or("warn"));
    auto demo = Demo::start(options);
    if (!demo) return refuse(demo.error());
    json ? print_json(**demo) : print_welcome(**demo);
    wait_for_stop();
    (*demo)->stop();
    return 0;
}

}  // namespace

void add_demo_command(CLI::App& app, int& exit_status) {
    auto* command = app.add_subcommand("demo",
                                       "Run everything on this machine: the server, a local Google, an "
                                       "activated account and some history.");
    auto options = std::make_shared<DemoOptions>();
    auto json = std::make_shared<bool>(false);
    command->add_option("--listen", options->listen, "Where dashboard and API answer")->capture_default_str();
    command->add_option("--tracking-listen", options->tracking_listen, "Where pixels and links answer")
        ->capture_default_str();
    command->add_option("--sandbox-listen", options->sandbox_listen, "Where the local Google answers")
        ->capture_default_str();
    command->add_option("--data", options->data, "Keep the data here; otherwise it goes with the demo");
    command->add_flag("--json", *json, "Once ready, print one line {app, tracking, sandbox, account, token}");
    command->callback([options, json, &exit_status] { exit_status = run_demo(*options, *json); });
}

}  // namespace inboxpro::app
