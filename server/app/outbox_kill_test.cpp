#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "app/against_sandbox.h"
#include "store/sqlite/sqlite_store.h"
#include "worker/worker.h"

// Real processes on one database file, killed with -9 again and again while mail is due; what was delivered is counted
// in the sandbox. Only the time is simulated, so that nobody waits for leases to end.
// INBOXPRO_KILL_MAILS and INBOXPRO_KILLS make it longer: 5000 and 200 are what issue 4 asks for.
namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

constexpr int kNodes = 3;
/// Simulated seconds in a real one.
constexpr int kFaster = 30;

/// What the processes share besides the database.
struct Common {
    std::atomic<std::int64_t> millis;  ///< The time.
    char origin[64];                   ///< Of the sandbox.
    char folder[256];                  ///< With key file and database.
};

class CommonClock final : public Clock {
  public:
    explicit CommonClock(const Common& common) : common_(common) {}
    TimePoint now() const override { return from_millis(common_.millis.load()); }
    SteadyPoint steady() const override { return SteadyPoint{std::chrono::milliseconds{common_.millis.load()}}; }

  private:
    const Common& common_;
};

/// What one of them does until it is killed.
[[noreturn]] void send_until_killed(const Common& common) {
    const std::filesystem::path folder = common.folder;
    const CommonClock clock(common);
    SystemRandom random;
    const auto keys = KeyFile::load(folder / "keys").value();
    const auto store = open_sqlite_store({.file = folder / "db"}, all_collections()).value();
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    const BlindIndex index{keys.keys(KeyPurpose::index)};
    const TokenSealer sealer{keys.keys(KeyPurpose::token)};
    Accounts accounts{documents, ring, index, clock, random};
    HttpGoogleApi google(GoogleEndpoints::at(common.origin), {.id = "app", .secret = Secret{"secret"}}, clock,
                         GoogleDeadlines{});
    GoogleAccess access(google, accounts, clock);
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    const SystemZones zones;
    Outbox outbox({.tracking_origin = "https://t.example.org"}, access, accounts, consents, messages, sends, ledger,
                  zones, sealer, clock, random);
    boost::asio::io_context loop;
    Worker worker(outbox, loop, clock, [](MessageId, const Error&) {});
    worker.start();
    loop.run();
    _exit(3);
}

/// A process that was forked before this one had threads, and forks the sending ones.
class Nursery {
  public:
    explicit Nursery(const Common& common) {
        if (pipe(ask_) != 0 || pipe(answer_) != 0) throw std::runtime_error("no pipe");
        pid_ = fork();
        if (pid_ == 0) tend(common);
    }
    ~Nursery() {
        close(ask_[1]);
        waitpid(pid_, nullptr, 0);
    }
    Nursery(const Nursery&) = delete;
    Nursery& operator=(const Nursery&) = delete;

    pid_t start() { return told('s', 0); }
    /// Returns when it is gone.
    void kill(pid_t pid) { told('k', pid); }

  private:
    pid_t told(char word, pid_t pid) {
        pid_t reply = 0;
        if (write(ask_[1], &word, 1) != 1 || write(ask_[1], &pid, sizeof pid) != sizeof pid ||
            read(answer_[0], &reply, sizeof reply) != sizeof reply)
            throw std::runtime_error("the nursery is gone");
        return reply;
    }
    [[noreturn]] void tend(const Common& common) {
        close(ask_[1]);
        char word = 0;
        pid_t pid = 0;
        while (read(ask_[0], &word, 1) == 1 && read(ask_[0], &pid, sizeof pid) == sizeof pid) {
            if (word == 's') pid = fork();
            if (word == 's' && pid == 0) send_until_killed(common);
            if (word == 'k') ::kill(pid, SIGKILL);
            if (word == 'k') waitpid(pid, nullptr, 0);
            if (write(answer_[1], &pid, sizeof pid) != sizeof pid) break;
        }
        _exit(0);
    }

    int ask_[2]{}, answer_[2]{};
    pid_t pid_ = 0;
};

int number_from(const char* name, int otherwise) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread starts
    return value == nullptr ? otherwise : std::atoi(value);
}

struct OutboxProcesses : ::testing::Test {
    const int mails = number_from("INBOXPRO_KILL_MAILS", 120), kills = number_from("INBOXPRO_KILLS", 12);
    Common& common =
        *new (mmap(nullptr, sizeof(Common), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Common{};
    Nursery nursery{common};
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("inboxpro-kill-" + std::to_string(getpid()));

    OutboxProcesses() { std::filesystem::create_directories(folder); }
    ~OutboxProcesses() override { std::filesystem::remove_all(folder); }
};

TEST_F(OutboxProcesses, SendEachMailOnceHoweverOftenTheyAreKilled) {
    SystemRandom random;
    auto keys = KeyFile::create(folder / "keys", random).value();
    AgainstSandbox world(open_sqlite_store({.file = folder / "db"}, all_collections()).value(), std::move(keys));
    world.add_users(10);
    world.late_after(24h);
    world.submit_all(mails);
    world.origin.copy(common.origin, sizeof common.origin - 1);
    folder.string().copy(common.folder, sizeof common.folder - 1);
    common.millis = to_millis(world.clock.now());

    std::vector<pid_t> nodes;
    for (int i = 0; i < kNodes; ++i) nodes.push_back(nursery.start());
    std::mt19937 dice{1};
    const auto pass_time = [&](std::chrono::milliseconds real) {
        std::this_thread::sleep_for(real);
        world.clock.advance(real * kFaster);
        common.millis = to_millis(world.clock.now());
    };
    int done = 0, killed_at_work = 0;
    const auto is_over = [&] {
        return std::ranges::all_of(
            std::vector{SendState::scheduled, SendState::sending, SendState::unknown}, [&](SendState state) {
                const Query query{.index = "by_due", .equals = {static_cast<std::int64_t>(state)}, .limit = 1};
                return testing::run(world.documents.find_unopened(kSends, query)).value().empty();
            });
    };
    for (bool over = false; !over && done < kills;) {
        pass_time(std::chrono::milliseconds{200 + dice() % 600});
        over = is_over();
        auto& node = nodes[dice() % nodes.size()];
        nursery.kill(node);
        node = nursery.start();
        ++done;
        killed_at_work += over ? 0 : 1;
    }
    for (int quarter = 0; quarter < 2'400 && !is_over(); ++quarter) pass_time(250ms);
    for (const auto node : nodes) nursery.kill(node);

    world.expect_each_sent_once();
    std::uint64_t entries = 0;
    for (const auto& user : world.users) {
        const auto verified = testing::run(world.ledger.verify(user->account));
        ASSERT_TRUE(verified) << verified.error().detail;
        entries += *verified;
    }
    std::cout << fmt::format("{} mails, {} nodes, {} kills, {} of them with mail on its way; {} ledger entries; {}\n",
                             mails, kNodes, done, killed_at_work, entries, world.states().begin()->first);
    EXPECT_GE(killed_at_work, std::min(kills, 5));
}

}  // namespace
}  // namespace inboxpro::app
