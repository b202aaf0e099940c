// Lives through many histories of sending, see outbox/simulation/history.h. Prints what came of them; the exit status
// is 1 when anything in them is wrong. With --bug it looks for the first history that a seeded bug makes wrong.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

#include "outbox/simulation/history.h"

namespace {

using namespace inboxpro::simulation;

struct Sum {
    std::mutex mutex;
    Outcome all;
    std::uint64_t first_wrong = 0;  ///< Its seed; 0: none.

    void add(std::uint64_t seed, Outcome outcome) {
        const std::scoped_lock lock{mutex};
        all.sent += outcome.sent;
        all.cancelled += outcome.cancelled;
        all.needs_user += outcome.needs_user;
        all.crashes += outcome.crashes;
        all.looked_up += outcome.looked_up;
        all.changed += outcome.changed;
        all.put_off += outcome.put_off;
        for (auto& sentence : outcome.wrong) {
            if (first_wrong == 0 || seed < first_wrong) first_wrong = seed;
            all.wrong.push_back(fmt::format("seed {}: {}", seed, sentence));
        }
    }
};

void live(std::uint64_t first, std::uint64_t count, Bug bug, Sum& sum) {
    std::atomic<std::uint64_t> next = first;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back([&] {
            for (auto seed = next++; seed < first + count; seed = next++) sum.add(seed, History(seed, bug).live());
        });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Histories of sending, made from seeds");
    std::uint64_t first = 1, count = 100'000;
    bool bug = false;
    app.add_option("--first", first, "The first seed")->capture_default_str();
    app.add_option("--count", count, "How many histories")->capture_default_str();
    app.add_flag("--bug", bug, "With nodes that try again without looking whether the mail went out");
    CLI11_PARSE(app, argc, argv);

    // A history takes little memory and gives it back at its end, to take it again for the next.
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);

    const auto begun = std::chrono::steady_clock::now();
    Sum sum;
    live(first, count, bug ? Bug::retry_without_looking : Bug::none, sum);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::cout << fmt::format(
        "histories={} seconds={:.1f} sent={} cancelled={} needs_user={} crashes={} looked_up={} changed={} put_off={} "
        "wrong={} "
        "first_wrong={}\n",
        count, took.count(), sum.all.sent, sum.all.cancelled, sum.all.needs_user, sum.all.crashes, sum.all.looked_up,
        sum.all.changed, sum.all.put_off, sum.all.wrong.size(), sum.first_wrong);
    std::ranges::partition(sum.all.wrong, [](const auto& sentence) { return sentence.contains(" times"); });
    for (std::size_t i = 0; i < std::min<std::size_t>(sum.all.wrong.size(), 10); ++i)
        std::cout << sum.all.wrong[i] << '\n';
    return sum.all.wrong.empty() ? 0 : 1;
}
