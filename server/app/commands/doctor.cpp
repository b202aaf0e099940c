#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "app/google_check.h"
#include "app/google_settings.h"
#include "base/run.h"
#include "google/http_google_api.h"

namespace inboxpro::app {
namespace {

/// One thing that was looked at; a failure says what to do.
struct Finding {
    std::string what;
    std::optional<std::string> trouble;
    std::string note = {};  ///< What is good to know though nothing is wrong.
};

Finding finding(std::string what, const Result<void>& outcome) {
    return {.what = std::move(what),
            .trouble = outcome ? std::nullopt : std::optional<std::string>(outcome.error().detail)};
}

Result<void> check_keys(const Config& config) {
    const auto keys = KeyFile::load(config.key_file());
    if (!keys) return std::unexpected(keys.error());
    return {};
}

Result<void> check_database(const Config& config) {
    const SystemClock clock;
    auto node = TRY(Node::open_existing(config, clock));
    return run_to_end(node->store->check());
}

Result<GoogleClient> google_client(const Config& config) {
    if (config.google.client_id.empty())
        return fail(ErrorKind::invalid,
                    "google.client_id is not set: make an OAuth client in your own Google Cloud "
                    "project, see docs/guide/google.md");
    std::ifstream secret(config.google.client_secret_file);
    std::string line;
    if (!std::getline(secret, line) || line.empty())
        return fail(ErrorKind::invalid, "google.client_secret_file cannot be read or is empty");
    return GoogleClient{.id = config.google.client_id, .secret = Secret(std::move(line))};
}

Result<void> check_signing_keys(HttpGoogleApi& google) {
    const auto keys = run_to_end(google.signing_keys());
    if (!keys)
        return fail(ErrorKind::unavailable, fmt::format("Google's signing keys cannot be fetched ({}): check network, "
                                                        "proxy and certificates",
                                                        keys.error().detail));
    if (keys->keys.empty()) return fail(ErrorKind::corrupt, "what answers as Google has no signing keys");
    return {};
}

Finding google_accounts(const Config& config, HttpGoogleApi& google, const Clock& clock) {
    if (!std::filesystem::exists(config.database())) return finding("accounts", {});
    auto node = Node::open(config, clock);
    if (!node) return finding("accounts", std::unexpected(node.error()));
    GoogleAccess access(google, (*node)->accounts, clock);
    auto found = finding("accounts", run_to_end(check_accounts((*node)->accounts, access)));
    if (const auto health = run_to_end((*node)->accounts.health())) found.note = note_on(*health);
    return found;
}

/// Nothing that needs the client is asked without one.
std::vector<Finding> look_at_google(const Config& config) {
    const SystemClock clock;
    const auto endpoints = endpoints_of(config);
    const auto client = google_client(config);
    std::vector<Finding> findings{finding("Google client", client ? Result<void>{} : std::unexpected(client.error())),
                                  finding("redirect URI", check_redirect_uri(config)),
                                  finding("Pub/Sub", check_pubsub(config))};
    HttpGoogleApi google(endpoints, client.value_or(GoogleClient{}), clock);
    findings.push_back(finding("Google", check_signing_keys(google)));
    if (findings.back().trouble) return findings;
    HttpClient http;
    findings.push_back(finding("clock", run_to_end(check_clock(http, clock, endpoints.certs))));
    if (!client) return findings;
    findings.push_back(finding("client secret", run_to_end(check_client(google))));
    if (!findings.back().trouble) findings.push_back(google_accounts(config, google, clock));
    return findings;
}

Result<void> check_origins(const Config& config) {
    const bool local = config.server.origin.empty() || config.tracking.origin.empty();
    if (local)
        return fail(ErrorKind::invalid,
                    "server.origin and tracking.origin are not set: recipients can reach pixels and "
                    "links only at an https origin of yours");
    if (config.server.origin == config.tracking.origin)
        return fail(ErrorKind::invalid, "tracking.origin must be another host than server.origin");
    if (!config.server.origin.starts_with("https://") || !config.tracking.origin.starts_with("https://"))
        return fail(ErrorKind::invalid, "both origins should be https: browsers and mail programs warn otherwise");
    return {};
}

int examine(const NodeOptions& options) {
    const auto config = options.load();
    if (!config) return refuse(config.error());
    std::vector<Finding> findings{finding("origins", check_origins(*config)), finding("key file", check_keys(*config)),
                                  finding("database", check_database(*config))};
    std::ranges::move(look_at_google(*config), std::back_inserter(findings));
    bool well = true;
    for (const auto& [what, trouble, note] : findings) {
        std::cout << fmt::format("{:<14} {}{}\n", what, trouble ? *trouble : "ok", note);
        well = well && !trouble;
    }
    if (well) return 0;
    return refuse({.kind = ErrorKind::invalid, .detail = "something above needs attention"});
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_status) {
    auto* command =
        app.add_subcommand("doctor", "Look at configuration, keys, database and Google, and say what is wrong.");
    auto options = std::make_shared<NodeOptions>();
    options->add_to(*command);
    command->callback([options, &exit_status] { exit_status = examine(*options); });
}

}  // namespace inboxpro::app
