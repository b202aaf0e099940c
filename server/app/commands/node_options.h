#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>

#include "app/node.h"

namespace inboxpro::app {

/// How a command says which node it works on: --config or --data.
struct NodeOptions {
    std::optional<std::filesystem::path> config;
    std::optional<std::filesystem::path> data;

    void add_to(CLI::App& command) {
        command.add_option("--config", config, "TOML file with settings, as the server has it");
        command.add_option("--data", data, "The data directory, instead of store.path");
    }

    Result<Config> load() const {
        auto settings = TRY(load_config(config, process_environment));
        if (data) settings.store.path = *data;
        return settings;
    }

    /// `clock` must outlive the node.
    Result<std::unique_ptr<Node>> open(const Clock& clock) const { return Node::open(TRY(load()), clock); }
};

}  // namespace inboxpro::app
