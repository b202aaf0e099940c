#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "app/commands/commands.h"
#include "app/console.h"
#include "base/clock.h"
#include "tracking/destination.h"
#include "tracking/rewriting/rewrite.h"
#include "vault/keys.h"

namespace inboxpro::app {
namespace {

namespace json = boost::json;

struct RewriteWords {
    bool html = false;
    std::string origin;
    std::string key_file;
    std::string file;
};

Result<Bytes> content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf())) return fail(ErrorKind::not_found, fmt::format("{} cannot be read.", path));
    return std::move(content).str();
}

std::string report_line(const Rewritten& rewritten) {
    json::array skipped;
    for (const auto& link : rewritten.skipped) skipped.push_back({{"href", link.href}, {"why", link.why}});
    json::object line{{"links", rewritten.links},
                      {"skipped", std::move(skipped)},
                      {"pixel", rewritten.pixel},
                      {"tracked", rewritten.tracked}};
    if (!rewritten.tracked) line["why_not"] = rewritten.why_not;
    return json::serialize(line);
}

Result<Rewritten> rewritten(const RewriteWords& words) {
    const auto keys = TRY(KeyFile::load(words.key_file));
    const Bytes content = TRY(content_of(words.file));
    const TokenSealer sealer{keys.keys(KeyPurpose::token)};
    SystemRandom random;
    const TimePoint now = SystemClock{}.now();
    RewriteOptions options;
    options.origin = words.origin.substr(0, words.origin.find_last_not_of('/') + 1);
    options.account = AccountId::make(now, random);
    options.message = MessageId::make(now, random);
    if (objection_to_destination(options.origin))
        return fail(ErrorKind::invalid, "The origin is not of the form https://host.");
    return words.html ? rewrite_html(content, sealer, options) : rewrite_mail(content, sealer, options);
}

int rewrite(const RewriteWords& words) {
    const auto result = rewritten(words);
    if (!result) return refuse(result.error());
    const auto& content = result->content;
    if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() || std::fflush(stdout) != 0)
        return refuse({.kind = ErrorKind::unavailable, .detail = "Standard output cannot be written."});
    fmt::print(stderr, "{}\n", report_line(*result));
    return 0;
}

}  // namespace

void add_rewrite_command(CLI::App& program, int& exit_status) {
    auto* command = program.add_subcommand("rewrite", "Put tracked links and a pixel into a mail");
    auto words = std::make_shared<RewriteWords>();
    command->add_flag("--html", words->html, "FILE is bare HTML, not a mail");
    command->add_option("--origin", words->origin, "Where recipients reach the tracking host")->required();
    command->add_option("--key", words->key_file, "The key file of the server that will answer")->required();
    command->add_option("FILE", words->file, "The mail as it would be sent")->required();
    command->callback([words, &exit_status] { exit_status = rewrite(*words); });
}

}  // namespace inboxpro::app
