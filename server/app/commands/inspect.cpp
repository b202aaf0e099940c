#include "mail/inspect/inspect.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "app/commands/commands.h"
#include "app/console.h"

namespace inboxpro::app {
namespace {

namespace json = boost::json;

json::object json_of(const Inspection& inspection) {
    json::array addresses;
    for (const auto& [address, action, status] : inspection.addresses) {
        json::object one{{"address", address}, {"action", action}};
        if (!status.empty()) one["status"] = status;
        addresses.push_back(std::move(one));
    }
    json::object out{{"kind", name_of(inspection.kind)}, {"rule", inspection.rule}};
    if (!inspection.detail.empty()) out["detail"] = inspection.detail;
    if (!addresses.empty()) out["addresses"] = std::move(addresses);
    if (!inspection.answers.empty()) out["answers"] = json::array(inspection.answers.begin(), inspection.answers.end());
    return out;
}

int inspect(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf()))
        return refuse({.kind = ErrorKind::not_found, .detail = fmt::format("{} cannot be read.", path)});
    const auto inspection = inspect_mail(content.view());
    if (!inspection) return refuse(inspection.error());
    fmt::print("{}\n", json::serialize(json_of(*inspection)));
    return 0;
}

}  // namespace

void add_inspect_command(CLI::App& program, int& exit_status) {
    auto* command = program.add_subcommand(
        "inspect", "Say whether a mail is a reply, a bounce, an automatic answer, a receipt or none of these");
    auto path = std::make_shared<std::string>();
    command->add_option("FILE", *path, "The whole mail")->required();
    command->callback([path, &exit_status] { exit_status = inspect(*path); });
}

}  // namespace inboxpro::app
