#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "tracking/token.h"

namespace inboxpro::app {

/// Everything an operator can set. Defaults make a server for one machine behind nothing.
struct Config {
    struct {
        std::string listen = "127.0.0.1:8080";
        std::string origin;               ///< As browsers reach it; empty: http://{listen}.
        unsigned threads = 0;             ///< 0: one per core.
        std::filesystem::path dashboard;  ///< Folder with the built web app; empty: beside the program.
    } server;
    struct {
        std::string listen = "127.0.0.1:8081";
        std::string origin;  ///< As recipients reach it, on a host of its own; empty: http://{listen}.
        std::uint32_t max_events_per_token_hour = 100;
        AddressPolicy address_policy = AddressPolicy::truncated;
        std::filesystem::path networks;  ///< In place of those that the program was built with; empty: those.
    } tracking;
    struct {
        std::filesystem::path path = "data";  ///< Directory of the database and the journal.
    } store;
    struct {
        std::filesystem::path file;  ///< Empty: inboxpro.keys in store.path.
    } keys;
    struct {
        std::string client_id;
        std::filesystem::path client_secret_file;
        std::string endpoint;  ///< Origin of a sandbox; empty: Google itself.
        /// Of an account's Gmail quota. Unset: Google's own limit, or none at a sandbox. 0: no limit.
        std::optional<std::uint32_t> units_per_minute;
        std::uint32_t poll_seconds = 60;         ///< Between looks into a mailbox in which something happens.
        std::uint32_t poll_quiet_seconds = 600;  ///< Between looks into one in which nothing does.
        std::string pubsub_topic;                ///< "projects/P/topics/T"; empty: no mailbox is watched.
        std::string pubsub_audience;             ///< Of the push subscription; empty: no push is taken.
        std::string pubsub_service_account;      ///< Address that the push subscription signs as.
    } google;
    struct {
        std::uint32_t send_in_server = 1;  ///< 0: `inboxpro worker` processes send, the server does not.
    } outbox;
    struct {
        std::vector<std::string> allowed_domains;  ///< Who may activate; empty: everybody with a Google account.
    } accounts;
    struct {
        std::filesystem::path certificate;
        std::filesystem::path key;
    } tls;
    struct {
        std::vector<std::string> trusted_proxies;
    } http;
    struct {
        std::string level = "info";
    } log;

    std::filesystem::path key_file() const { return keys.file.empty() ? store.path / "inboxpro.keys" : keys.file; }
    std::filesystem::path database() const { return store.path / "inboxpro.db"; }
    std::filesystem::path journal() const { return store.path / "journal"; }
};

/// Names of all settings, such as "tracking.max_events_per_token_hour".
std::vector<std::string> setting_names();

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
/// The process's environment variables.
std::optional<std::string> process_environment(const std::string& name);

/// Defaults, then the TOML file (if any), then INBOXPRO_SECTION_KEY from the environment. `invalid` with one sentence
/// that names the setting for an unknown name or an unusable value; `not_found` when the file is not there.
Result<Config> load_config(const std::optional<std::filesystem::path>& file, const Environment& environment);

}  // namespace inboxpro::app
