#include "app/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>

#include "google/unit_budget.h"

namespace inboxpro::app {
namespace {

struct Setting {
    std::string_view name;
    Result<void> (*set)(Config& config, const std::string& value);
};

Result<std::uint32_t> to_number(const std::string& value) {
    std::uint32_t number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failure != std::errc{} || end != value.data() + value.size())
        return fail(ErrorKind::invalid, "must be a whole number of at least 0");
    return number;
}

Result<std::uint32_t> to_switch(const std::string& value) {
    if (value != "0" && value != "1") return fail(ErrorKind::invalid, "must be 0 or 1");
    return value == "1" ? 1 : 0;
}

Result<std::uint32_t> to_units(const std::string& value) {
    constexpr std::uint32_t kMost = 1'000'000;
    const auto units = TRY(to_number(value));
    if (units != 0 && (units < UnitBudget::kFewestUnits || units > kMost))
        return fail(ErrorKind::invalid,
                    fmt::format("must be 0 (no limit) or between {} and {}", UnitBudget::kFewestUnits, kMost));
    return units;
}

std::vector<std::string> to_list(const std::string& value) {
    std::vector<std::string> items;
    std::string item;
    for (char character : value + ',') {
        if (character != ',' && character != ' ') {
            item.push_back(character);
        } else if (!item.empty()) {
            items.push_back(std::exchange(item, {}));
        }
    }
    return items;
}

Result<std::string> to_origin(std::string value) {
    while (value.ends_with('/')) value.pop_back();
    const bool web = value.starts_with("http://") || value.starts_with("https://");
    if (!value.empty() && (!web || value.find('/', value.find("://") + 3) != std::string::npos))
        return fail(ErrorKind::invalid, "must be an origin such as https://mail.example.org");
    return value;
}

Result<AddressPolicy> to_address_policy(const std::string& value) {
    if (value == "full") return AddressPolicy::full;
    if (value == "truncated") return AddressPolicy::truncated;
    if (value == "none") return AddressPolicy::none;
    return fail(ErrorKind::invalid, "must be full, truncated or none");
}

Result<std::uint32_t> to_poll_seconds(const std::string& value) {
    const auto seconds = TRY(to_number(value));
    if (seconds < 10 || seconds > 86'400) return fail(ErrorKind::invalid, "must be 10 to 86400 seconds");
    return seconds;
}

Result<std::string> to_topic(const std::string& value) {
    if (!value.empty() && (!value.starts_with("projects/") || value.find("/topics/") == std::string::npos))
        return fail(ErrorKind::invalid, "must be a topic such as projects/my-project/topics/gmail");
    return value;
}

Result<std::string> to_log_level(const std::string& value) {
    for (const auto* level : {"debug", "info", "warn", "error"})
        if (value == level) return value;
    return fail(ErrorKind::invalid, "must be debug, info, warn or error");
}

// clang-format off
constexpr Setting kSettings[] = {
    {"server.listen", [](Config& c, const std::string& v) -> Result<void> { c.server.listen = v; return {}; }},
    {"server.origin", [](Config& c, const std::string& v) -> Result<void> { c.server.origin = TRY(to_origin(v)); return {}; }},
    {"server.threads", [](Config& c, const std::string& v) -> Result<void> { c.server.threads = TRY(to_number(v)); return {}; }},
    {"server.dashboard", [](Config& c, const std::string& v) -> Result<void> { c.server.dashboard = v; return {}; }},
    {"tracking.listen", [](Config& c, const std::string& v) -> Result<void> { c.tracking.listen = v; return {}; }},
    {"tracking.origin", [](Config& c, const std::string& v) -> Result<void> { c.tracking.origin = TRY(to_origin(v)); return {}; }},
    {"tracking.max_events_per_token_hour", [](Config& c, const std::string& v) -> Result<void> { c.tracking.max_events_per_token_hour = TRY(to_number(v)); return {}; }},
    {"tracking.address_policy", [](Config& c, const std::string& v) -> Result<void> { c.tracking.address_policy = TRY(to_address_policy(v)); return {}; }},
    {"tracking.networks", [](Config& c, const std::string& v) -> Result<void> { c.tracking.networks = v; return {}; }},
    {"store.path", [](Config& c, const std::string& v) -> Result<void> { c.store.path = v; return {}; }},
    {"keys.file", [](Config& c, const std::string& v) -> Result<void> { c.keys.file = v; return {}; }},
    {"google.client_id", [](Config& c, const std::string& v) -> Result<void> { c.google.client_id = v; return {}; }},
    {"google.client_secret_file", [](Config& c, const std::string& v) -> Result<void> { c.google.client_secret_file = v; return {}; }},
    {"google.endpoint", [](Config& c, const std::string& v) -> Result<void> { c.google.endpoint = TRY(to_origin(v)); return {}; }},
    {"google.units_per_minute", [](Config& c, const std::string& v) -> Result<void> { c.google.units_per_minute = TRY(to_units(v)); return {}; }},
    {"google.poll_seconds", [](Config& c, const std::string& v) -> Result<void> { c.google.poll_seconds = TRY(to_poll_seconds(v)); return {}; }},
    {"google.poll_quiet_seconds", [](Config& c, const std::string& v) -> Result<void> { c.google.poll_quiet_seconds = TRY(to_poll_seconds(v)); return {}; }},
    {"google.pubsub_topic", [](Config& c, const std::string& v) -> Result<void> { c.google.pubsub_topic = TRY(to_topic(v)); return {}; }},
    {"google.pubsub_audience", [](Config& c, const std::string& v) -> Result<void> { c.google.pubsub_audience = v; return {}; }},
    {"google.pubsub_service_account", [](Config& c, const std::string& v) -> Result<void> { c.google.pubsub_service_account = v; return {}; }},
    {"outbox.send_in_server", [](Config& c, const std::string& v) -> Result<void> { c.outbox.send_in_server = TRY(to_switch(v)); return {}; }},
    {"accounts.allowed_domains", [](Config& c, const std::string& v) -> Result<void> { c.accounts.allowed_domains = to_list(v); return {}; }},
    {"tls.certificate", [](Config& c, const std::string& v) -> Result<void> { c.tls.certificate = v; return {}; }},
    {"tls.key", [](Config& c, const std::string& v) -> Result<void> { c.tls.key = v; return {}; }},
    {"http.trusted_proxies", [](Config& c, const std::string& v) -> Result<void> { c.http.trusted_proxies = to_list(v); return {}; }},
    {"log.level", [](Config& c, const std::string& v) -> Result<void> { c.log.level = TRY(to_log_level(v)); return {}; }},
};
// clang-format on

Result<void> set(Config& config, const std::string& name, const std::string& value) {
    for (const auto& setting : kSettings) {
        if (setting.name != name) continue;
        auto outcome = setting.set(config, value);
        if (!outcome) return fail(ErrorKind::invalid, fmt::format("setting {} {}", name, outcome.error().detail));
        return {};
    }
    return fail(ErrorKind::invalid, fmt::format("there is no setting named {}", name));
}

std::string variable_of(std::string_view name) {
    std::string variable = "INBOXPRO_";
    for (char character : name)
        variable.push_back(character == '.' ? '_'
                                            : static_cast<char>(std::toupper(static_cast<unsigned char>(character))));
    return variable;
}

Result<std::string> text_of(const std::string& name, const toml::node& node) {
    if (const auto text = node.value<std::string>(); text && node.is_string()) return *text;
    if (const auto number = node.value<std::int64_t>(); number && node.is_integer()) return std::to_string(*number);
    const auto* list = node.as_array();
    if (list == nullptr)
        return fail(ErrorKind::invalid, fmt::format("setting {} must be a text, a number or a list of texts", name));
    std::string joined;
    for (const auto& item : *list) {
        if (!item.is_string()) return fail(ErrorKind::invalid, fmt::format("setting {} must hold only texts", name));
        joined += *item.value<std::string>() + ',';
    }
    return joined;
}

Result<void> read_file(Config& config, const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        return fail(ErrorKind::not_found, fmt::format("the configuration file {} does not exist", file.string()));
    toml::table root;
    try {
        root = toml::parse_file(file.string());
    } catch (const toml::parse_error& failure) {
        return fail(ErrorKind::invalid,
                    fmt::format("{} line {}: {}", file.string(), failure.source().begin.line, failure.description()));
    }
    for (const auto& [section, content] : root) {
        const auto* table = content.as_table();
        if (table == nullptr)
            return fail(ErrorKind::invalid,
                        fmt::format("{}: {} stands outside of a [section]", file.string(), section.str()));
        for (const auto& [key, node] : *table) {
            const std::string name = fmt::format("{}.{}", section.str(), key.str());
            TRY(set(config, name, TRY(text_of(name, node))));
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> setting_names() {
    std::vector<std::string> names;
    for (const auto& setting : kSettings) names.emplace_back(setting.name);
    return names;
}

std::optional<std::string> process_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread starts
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<Config> load_config(const std::optional<std::filesystem::path>& file, const Environment& environment) {
    Config config;
    if (file) TRY(read_file(config, *file));
    for (const auto& setting : kSettings)
        if (const auto value = environment(variable_of(setting.name)))
            TRY(set(config, std::string(setting.name), *value));
    return config;
}

}  // namespace inboxpro::app
