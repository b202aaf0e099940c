// Follows 10,000 mailboxes of a scripted Google, 1 % of them active in each minute, over the real store and by a
// simulated clock; prints how late looks were, what they cost of Google's quota, and the memory of the whole process.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "mailbox/simulation.h"

namespace {

using namespace inboxpro;

double mebibytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name)) return std::stod(line.substr(name.size())) / 1024;
    return 0;
}

void print(std::string_view what) {
    fmt::print("{:<28} rss_mib={:.1f} peak_mib={:.1f}\n", what, mebibytes("VmRSS:"), mebibytes("VmHWM:"));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        fmt::print(stderr, "usage: mailbox_bench DIRECTORY ACCOUNTS MINUTES\n");
        return 2;
    }
    print("start");
    testing::MailboxWorld world(std::filesystem::path(argv[1]) / "mailboxes.db");
    testing::Simulation simulation(world, std::atoi(argv[2]));
    print("linked");
    const auto begun = std::chrono::steady_clock::now();
    simulation.begin(64);
    print("begun");
    simulation.go(std::chrono::minutes{std::atoi(argv[3])}, 64);
    const auto& outcome = simulation.outcome;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    print("followed");
    fmt::print(
        "looks={} most_late_ms={} units_minute_one={} units_minute_all={} happened={} told={} failed={} "
        "looks_a_second={:.0f}\n",
        outcome.looks, outcome.most_late.count(), outcome.most_units_of_one, outcome.most_units_of_all,
        outcome.happened, world.listener.told, world.follower.figures().failed,
        static_cast<double>(outcome.looks) / took.count());
    return 0;
}
