// What the outbox's claims of speed rest on, over the real store: the cost of finding and claiming what is due beside
// 10^3, 10^5 and 10^6 mails that wait; the start with 100,000 waiting; and how late the last of 500 mails due in one
// second is asked of Google.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "outbox/outbox.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/run.h"
#include "testing/scripted_google.h"
#include "tracking/events.h"
#include "tracking/tally.h"
#include "worker/worker.h"

namespace {

using namespace inboxpro;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kPeople = 500;
constexpr std::size_t kRounds = 500;

double milliseconds_since(Steady::time_point begun) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
}

/// A Google in memory that notes when it is asked to send.
struct NotingGoogle final : testing::ScriptedGoogle {
    using ScriptedGoogle::ScriptedGoogle;
    Task<Result<GmailMessage>> send_draft(Secret token, std::string draft_id) override {
        asked_at.push_back(SystemClock{}.now());
        return ScriptedGoogle::send_draft(std::move(token), std::move(draft_id));
    }
    std::vector<TimePoint> asked_at;
};

struct World {
    explicit World(const std::filesystem::path& file)
        : store(open_sqlite_store({.file = file},
                                  {&kAccountKeys, &kAccounts, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections,
                                   &kRecipientRules, &kSends, &kSendDays, &kReplans, &kSendLedger, &kNotices})
                    .value()) {}

    void add_accounts(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const testing::Person person{.subject = std::to_string(i), .email = fmt::format("u{}@example.com", i)};
            Account fresh{.email = person.email, .name = person.name, .google_subject = person.subject};
            fresh.scopes = {std::string(scope::kGmailCompose), std::string(scope::kGmailMetadata)};
            fresh.refresh_token = google.grant(person, fresh.scopes);
            people.emplace_back(testing::run(accounts.create(std::move(fresh))).value().id, person.subject);
        }
    }
    /// Mail that waits, written in one go as no user could.
    void add_waiting(std::size_t count, TimePoint from, std::chrono::milliseconds apart, bool with_drafts = false) {
        for (std::size_t done = 0; done < count; ++done) {
            const auto& [account, subject] = people[done % people.size()];
            Message message{.id = MessageId::make(clock.now(), random), .account = account, .created_at = clock.now()};
            message.recipients = {{.address = "bob@example.org"}};
            Send send{.id = message.id, .account = account, .due_at = from + apart * done, .draft_id = "r"};
            send.wanted_at = send.due_at;
            send.marker = hex(random.bytes(16));
            if (with_drafts) {
                send.draft_id = "r" + send.marker;
                google.mailbox(subject).drafts[send.draft_id] = {
                    .ids = {.draft_id = send.draft_id, .message_id = "m" + send.marker, .thread_id = "t"}, .raw = {}};
                testing::run(messages.add(std::move(message))).value();
            }
            batch.push_back(std::move(send));
            if (batch.size() == 2'000 || done + 1 == count) flush();
        }
    }
    void flush() {
        boost::asio::io_context loop;
        for (auto& send : batch)
            boost::asio::co_spawn(loop, sends.add(std::move(send)),
                                  [](std::exception_ptr, Result<Send> added) { added.value(); });
        loop.run();
        batch.clear();
    }

    SystemClock clock;
    SystemRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store;
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Accounts accounts{documents, ring, index, clock, random};
    NotingGoogle google{clock};
    GoogleAccess access{google, accounts, clock};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    Notices notices{documents, clock};
    SystemZones zones;
    Outbox outbox{{.tracking_origin = "https://t.example.org"},
                  access,
                  accounts,
                  consents,
                  messages,
                  sends,
                  ledger,
                  notices,
                  zones,
                  sealer,
                  clock,
                  random};
    std::vector<std::pair<AccountId, std::string>> people;
    std::vector<Send> batch;
};

/// Mail that is due beside so much that waits, and what it took to find and claim it.
struct Claims {
    Claims(std::size_t beside, const std::filesystem::path& folder)
        : waiting(beside), world(folder / fmt::format("claim-{}.db", beside)) {
        world.add_accounts(kPeople);
        world.add_waiting(waiting, world.clock.now() + 24h, 100ms);
        world.add_waiting(kRounds, world.clock.now() - 1min, 1ms);
    }
    void claim_one() {
        auto begun = Steady::now();
        auto due = testing::run(world.outbox.due(1)).value();
        find.push_back(milliseconds_since(begun));
        begun = Steady::now();
        due.at(0).state = SendState::sending;
        due.at(0).due_at = world.clock.now() + 1h;
        testing::run(world.sends.update(std::move(due.at(0)))).value();
        claim.push_back(milliseconds_since(begun));
    }
    void print() {
        std::ranges::sort(find);
        std::ranges::sort(claim);
        fmt::print("waiting={} find_ms={:.3f} claim_ms={:.3f}\n", waiting, find[kRounds / 2], claim[kRounds / 2]);
        std::fflush(stdout);
    }

    std::size_t waiting;
    World world;
    std::vector<double> find, claim;
};

/// Median milliseconds of finding one due mail and claiming it, beside more and more that wait: in turn, and once the
/// disk is done with what was written for it, so that it is the same disk for all.
void claim_beside(std::size_t most, const std::filesystem::path& folder) {
    std::vector<std::unique_ptr<Claims>> all;
    for (const std::size_t waiting : {1'000, 100'000, 1'000'000})
        if (waiting <= most) all.push_back(std::make_unique<Claims>(waiting, folder));
    sync();
    std::this_thread::sleep_for(10s);
    for (std::size_t round = 0; round < kRounds; ++round)
        for (const auto& claims : all) claims->claim_one();
    for (const auto& claims : all) claims->print();
}

/// From opening the database to knowing what is due.
void start_beside(std::size_t waiting, const std::filesystem::path& folder) {
    const auto file = folder / "start.db";
    {
        World world(file);
        world.add_accounts(kPeople);
        world.add_waiting(waiting, world.clock.now() + 24h, 100ms);
    }
    const auto begun = Steady::now();
    World world(file);
    const auto due = testing::run(world.outbox.due(64)).value();
    const auto next = testing::run(world.outbox.next_due()).value();
    fmt::print("start waiting={} ms={:.1f} due={} next_known={}\n", waiting, milliseconds_since(begun), due.size(),
               next.has_value());
    std::fflush(stdout);
}

/// How long after its time each of so many mails is asked of Google, all due in one second, one for each account.
void late_beside(std::size_t waiting, const std::filesystem::path& folder) {
    World world(folder / "late.db");
    world.add_accounts(kPeople);
    world.add_waiting(waiting, world.clock.now() + 24h, 100ms);
    const auto second = world.clock.now() + 3s;
    world.add_waiting(kPeople, second, 2ms, true);
    boost::asio::io_context loop;
    Worker worker(world.outbox, loop, world.clock,
                  [](MessageId, const Error& error) { fmt::print(stderr, "{}\n", error.detail); });
    worker.start();
    while (world.google.asked_at.size() < kPeople && world.clock.now() < second + 60s) loop.run_for(50ms);
    worker.notify();
    auto& asked = world.google.asked_at;
    std::ranges::sort(asked);
    std::vector<double> late;
    for (std::size_t i = 0; i < asked.size(); ++i)
        late.push_back(static_cast<double>((asked[i] - (second + 2ms * i)).count()));
    std::ranges::sort(late);
    fmt::print("late waiting={} due={} asked={} median_ms={:.0f} p99_ms={:.0f} most_ms={:.0f}\n", waiting, kPeople,
               asked.size(), late[late.size() / 2], late[late.size() * 99 / 100], late.back());
    std::fflush(stdout);
    std::_Exit(0);  // What the worker still has under way ends with the process.
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) {
        fmt::print(stderr, "usage: outbox_bench DIRECTORY [MOST_WAITING]\n");
        return 2;
    }
    const std::size_t most = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    claim_beside(most, argv[1]);
    start_beside(100'000, argv[1]);
    late_beside(100'000, argv[1]);
}
