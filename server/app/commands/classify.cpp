#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>

#include "app/commands/commands.h"
#include "app/commands/node_options.h"
#include "app/console.h"
#include "app/directory_lock.h"
#include "app/every_message.h"
#include "tracking/classify/classify.h"
#include "tracking/classify/facts_json.h"
#include "tracking/hindsight.h"

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

struct Rescored {
    std::size_t events = 0;
    std::size_t messages = 0;
    std::size_t changed = 0;
    std::size_t recounted = 0;
};

Result<Rescored> rescore_all(const NodeOptions& options) {
    const auto config = TRY(options.load());
    const auto lock = TRY(DirectoryLock::take(config.store.path));
    const SystemClock clock;
    auto node = TRY(Node::open(config, clock));
    Hindsight hindsight(node->documents, clock);
    Rescored rescored;
    TRY(for_every_message(*node, [&](Message message) -> Task<Result<void>> {
        const auto outcome = CO_TRY(co_await hindsight.judge_again(std::move(message)));
        ++rescored.messages;
        rescored.events += outcome.events;
        rescored.changed += outcome.changed;
        rescored.recounted += outcome.recounted ? 1 : 0;
        co_return Result<void>{};
    }));
    return rescored;
}

int rescore(const NodeOptions& options) {
    const auto rescored = rescore_all(options);
    if (!rescored) return refuse(rescored.error());
    fmt::print("{} events of {} messages judged by rules {}: {} verdicts and the figures of {} messages changed\n",
               rescored->events, rescored->messages, kRulesVersion, rescored->changed, rescored->recounted);
    return 0;
}

struct ClassifyWords {
    std::string file;
    std::string networks;
    bool rescore = false;
    NodeOptions node;
};

int run(const ClassifyWords& words) {
    if (words.rescore != words.file.empty()) {
        fmt::print(stderr, "Either a FILE of cases, or --rescore for what is stored.\n");
        return 2;
    }
    if (!words.networks.empty())
        if (const auto loaded = load_networks(words.networks); !loaded) return refuse(loaded.error());
    return words.rescore ? rescore(words.node) : classify_file(words.file);
}

}  // namespace

void add_classify_command(CLI::App& program, int& exit_status) {
    auto* command = program.add_subcommand(
        "classify", "Say what made each request of a file of cases, or judge what is stored again");
    auto words = std::make_shared<ClassifyWords>();
    command->add_option("FILE", words->file, "One JSON object a line, as in tests/data/classification");
    command->add_option("--networks", words->networks, "Networks to go by, in the form of networks.txt");
    command->add_flag("--rescore", words->rescore,
                      "Judge every stored event again and correct the figures, while nothing serves");
    words->node.add_to(*command);
    command->callback([words, &exit_status] { exit_status = run(*words); });
}

}  // namespace inboxpro::app
