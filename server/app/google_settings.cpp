#include "app/google_settings.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>

namespace inboxpro::app {
namespace {

Result<Secret> read_secret(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string text;
    if (!in || !std::getline(in, text))
        return fail(ErrorKind::not_found,
                    fmt::format("the Google client secret file {} cannot be read", file.string()));
    return Secret(std::move(text));
}

}  // namespace

GoogleEndpoints endpoints_of(const Config& config) {
    const auto& other = config.google.endpoint;
    return other.empty() ? GoogleEndpoints{} : GoogleEndpoints::at(other);
}

Result<GoogleClient> google_client_of(const Config& config) {
    if (config.google.client_id.empty()) {
        spdlog::warn("google.client_id is not set: nobody can sign in until it is; see docs/guide/google.md");
        return GoogleClient{};
    }
    if (config.google.client_secret_file.empty())
        return fail(ErrorKind::invalid, "google.client_secret_file is missing beside google.client_id");
    return GoogleClient{.id = config.google.client_id, .secret = TRY(read_secret(config.google.client_secret_file))};
}

UnitBudget::Settings unit_budget_of(const Config& config) {
    UnitBudget::Settings settings;
    if (!config.google.endpoint.empty()) settings = {.units_per_minute = 0, .project_units_per_minute = 0};
    if (config.google.units_per_minute) settings.units_per_minute = static_cast<int>(*config.google.units_per_minute);
    return settings;
}

}  // namespace inboxpro::app
