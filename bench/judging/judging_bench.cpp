// Stores opens and clicks through the real intake and SQLite store, in turn with the real judge and with one that gives
// every event the same label, each time into a new database; prints how many a second were durable
// with each, and what each cost of the processor, which says more on a busy machine.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <thread>

#include "base/run.h"
#include "store/sqlite/sqlite_store.h"
#include "tracking/classify/facts_json.h"
#include "tracking/fold.h"
#include "tracking/intake.h"
#include "tracking/mentions.h"
#include "tracking/tally.h"

namespace {

using namespace inboxpro;
using Steady = std::chrono::steady_clock;

constexpr int kThreads = 2;
constexpr int kConnections = 128;
constexpr int kMails = 4'096;

Verdict same_for_all(const Event&, const MessageContext&) {
    return {.label = Label::human, .confidence = .75, .human_p = .75, .rule = "browser", .reasons = {"Not judged."}};
}

/// A request of the collected cases, and the token that it would come with.
struct Asked {
    TrackingToken token;
    Event seen;
};

std::vector<Asked> requests_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<Asked> all;
    for (std::string line; std::getline(file, line);) {
        const auto json = boost::json::parse(line);
        const auto facts = facts_from_json(json).value();
        Asked asked;
        asked.token.kind = facts.kind == EventKind::open ? TrackingToken::Kind::open : TrackingToken::Kind::click;
        asked.token.recipient = 0;
        asked.seen.method = facts.method;
        asked.seen.user_agent = facts.user_agent;
        asked.seen.address = facts.address;
        for (const auto& [name, value] : facts.headers) asked.seen.headers.emplace_back(name, value);
        all.push_back(std::move(asked));
    }
    return all;
}

std::vector<const Collection*> collections() {
    return {&kAccountKeys, &kMessages, &kEvents, &kTallies, &kFoldCursors, &kMentions, &kObjections};
}

/// A new database with one account and its sent mails.
struct World {
    explicit World(const std::filesystem::path& folder)
        : store(open_sqlite_store({.file = folder / "events.db"}, collections()).value()) {
        run_to_end(ring.create(AccountId{})).value();
        run_to_end(ring.create(account)).value();
        Messages messages{documents};
        for (auto& id : sent) {
            Message message{.id = MessageId::make(clock.now(), random), .account = account, .created_at = clock.now()};
            message.recipients = {{.address = "reader@example.org"}};
            message.links = 3;
            message.state = Message::State::sent;
            message.sent_at = clock.now() - std::chrono::minutes{15};
            id = message.id;
            run_to_end(messages.add(std::move(message))).value();
        }
    }

    SystemClock clock;
    SystemRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store;
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    Objections objections{documents, index, clock};
    AccountId account = AccountId::make(clock.now(), random);
    std::vector<MessageId> sent = std::vector<MessageId>(kMails);
};

Task<void> keep_asking(World& world, Intake& intake, const std::vector<Asked>& requests, std::size_t at,
                       Steady::time_point end, std::atomic<std::uint64_t>& answered) {
    for (; Steady::now() < end; ++at) {
        auto [token, seen] = requests[at % requests.size()];
        token.account = world.account;
        token.message = world.sent[at * 2'654'435'761U % kMails];
        token.link = static_cast<std::uint16_t>(at % 3);
        co_await intake.record(std::move(token), std::move(seen));
        answered.fetch_add(1, std::memory_order_relaxed);
    }
}

double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Measured {
    double a_second = 0;          ///< Events that were durable.
    double processor_micros = 0;  ///< For each, of the whole process.
};

Measured measured_with(IntakeOptions::Judge judge, const std::filesystem::path& folder,
                       const std::vector<Asked>& requests, int seconds) {
    std::filesystem::create_directories(folder);
    Measured measured;
    {
        World world(folder);
        // Never journaled first: what is answered was judged.
        auto intake = Intake::open({.journal_directory = folder / "journal",
                                    .journal_above = std::numeric_limits<std::size_t>::max(),
                                    .max_events_per_token_hour = 0,
                                    .judge = judge},
                                   world.documents, world.objections, world.keys.keys(KeyPurpose::journal), world.clock,
                                   world.random, {})
                          .value();
        std::atomic<std::uint64_t> answered = 0;
        const double used_before = processor_seconds();
        const auto begun = Steady::now();
        const auto end = begun + std::chrono::seconds{seconds};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < kThreads; ++thread)
            threads.emplace_back([&, thread] {
                boost::asio::io_context loop{1};
                for (int i = 0; i < kConnections; ++i) {
                    const auto first = static_cast<std::size_t>(thread * kConnections + i) * 1'000'003U;
                    boost::asio::co_spawn(loop, keep_asking(world, *intake, requests, first, end, answered),
                                          boost::asio::detached);
                }
                loop.run();
            });
        for (auto& thread : threads) thread.join();
        const std::chrono::duration<double> took = Steady::now() - begun;
        const double used = processor_seconds() - used_before;
        const auto durable = static_cast<double>(answered - intake->figures().dropped);
        measured = {.a_second = durable / took.count(), .processor_micros = used * 1e6 / durable};
        intake->stop();
    }
    std::filesystem::remove_all(folder);
    return measured;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values.at(values.size() / 2);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        fmt::print(stderr, "usage: judging_bench CASES FOLDER ROUNDS SECONDS\n");
        return 2;
    }
    const auto requests = requests_of(argv[1]);
    const std::filesystem::path folder(argv[2]);
    const int seconds = std::atoi(argv[4]);
    std::vector<double> rates, costs;
    for (int round = 0; round < std::atoi(argv[3]); ++round) {
        const bool judged_first = round % 2 == 0;
        Measured judged, unjudged;
        for (const bool is_judged : {judged_first, !judged_first})
            (is_judged ? judged : unjudged) =
                measured_with(is_judged ? &judge : &same_for_all, folder / "round", requests, seconds);
        rates.push_back(judged.a_second / unjudged.a_second);
        costs.push_back(judged.processor_micros / unjudged.processor_micros);
        fmt::print("round {}: judged {:.0f}/s, {:.1f} us; all the same {:.0f}/s, {:.1f} us; ratio {:.3f}\n", round + 1,
                   judged.a_second, judged.processor_micros, unjudged.a_second, unjudged.processor_micros,
                   rates.back());
        std::fflush(stdout);
    }
    fmt::print("intake_judged_vs_unjudged processor={:.3f} ratio={:.3f}\n", median(std::move(costs)),
               median(std::move(rates)));
    return 0;
}
