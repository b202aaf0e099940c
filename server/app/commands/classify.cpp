#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>

#include "app/commands/commands.h"
#include "tracking/classify/classify.h"
#include "tracking/classify/facts_json.h"

namespace inboxpro::app {
namespace {

namespace json = boost::json;

Result<std::string> verdict_line(const std::string& line) {
    boost::system::error_code failure;
    const auto value = json::parse(line, failure);
    if (failure) return fail(ErrorKind::invalid, "it is not JSON");
    const auto facts = TRY(facts_from_json(value));
    const auto verdict = classify(facts);
    const auto* id = value.as_object().if_contains("id");
    json::object out;
    out["id"] = id == nullptr ? json::value(nullptr) : *id;
    out["label"] = name_of(verdict.label);
    out["confidence"] = verdict.confidence;
    out["human_p"] = verdict.human_p ? json::value(*verdict.human_p) : json::value(nullptr);
    out["rule"] = verdict.rule;
    out["reasons"] = json::value_from(verdict.reasons);
    return json::serialize(out);
}

int classify_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
        fmt::print(stderr, "{} cannot be read.\n", path);
        return 1;
    }
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto verdict = verdict_line(line);
        if (!verdict) {
            fmt::print(stderr, "Line {} of {} is no case: {}.\n", number, path, verdict.error().detail);
            return 1;
        }
        fmt::print("{}\n", *verdict);
    }
    return 0;
}

}  // namespace

void add_classify_command(CLI::App& program, int& exit_status) {
    auto* command = program.add_subcommand("classify", "Say what made each request of a file of cases");
    auto path = std::make_shared<std::string>();
    command->add_option("FILE", *path, "One JSON object a line, as in tests/data/classification")->required();
    command->callback([path, &exit_status] { exit_status = classify_file(*path); });
}

}  // namespace inboxpro::app
