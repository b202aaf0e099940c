#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "tracking/intake.h"
#include "tracking/tracking_fixture.h"

namespace inboxpro {
namespace {

using testing::run;
using testing::soon;
using testing::TrackingWorld;
using namespace std::chrono_literals;

constexpr int kKills = 10;

/// What a process of its own has: everything comes from the directory.
struct Process {
    explicit Process(const std::filesystem::path& directory)
        : keys(KeyFile::load(directory / "keys").value()),
          store(open_sqlite_store({.file = directory / "intake.db"}, testing::tracking_collections()).value()),
          intake(Intake::open({.journal_directory = directory / "journal", .max_events_per_token_hour = 0}, documents,
                              objections, keys.keys(KeyPurpose::journal), clock, random, {})
                     .value()) {}

    SystemClock clock;
    SystemRandom random;
    KeyFile keys;
    std::unique_ptr<Store> store;
    KeyRing ring{*store, keys.keys(KeyPurpose::master), random};
    Documents documents{*store, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    Objections objections{documents, index, clock};
    std::unique_ptr<Intake> intake;
};

/// Sends events without end, each with a number of its own as user agent, and writes the number of every one that was
/// answered.
Task<void> send_for_ever(Intake& intake, TrackingToken token, std::uint32_t& next, int acknowledged) {
    while (true) {
        const auto number = next++;
        Event seen = TrackingWorld::request();
        seen.user_agent = std::to_string(number);
        co_await intake.record(token, std::move(seen));
        if (::write(acknowledged, &number, sizeof number) != sizeof number) ::_exit(1);
    }
}

[[noreturn]] void live_until_killed(const std::filesystem::path& directory, const std::vector<TrackingToken>& tokens,
                                    std::size_t at_once, std::uint32_t first, int acknowledged) {
    Process process(directory);
    boost::asio::io_context loop;
    for (std::size_t i = 0; i < at_once; ++i)
        boost::asio::co_spawn(loop, send_for_ever(*process.intake, tokens[i % tokens.size()], first, acknowledged),
                              boost::asio::detached);
    loop.run();
    ::_exit(0);
}

/// Runs one child, kills it after `life`, and returns what it acknowledged.
std::vector<std::uint32_t> kill_after(std::chrono::milliseconds life, const std::filesystem::path& directory,
                                      const std::vector<TrackingToken>& tokens, std::size_t at_once,
                                      std::uint32_t first) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const auto child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        live_until_killed(directory, tokens, at_once, first, ends[1]);
    }
    ::close(ends[1]);
    std::vector<std::uint32_t> acknowledged;
    std::thread killer;
    for (std::uint32_t number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
        // Its life begins with its first answer.
        if (!killer.joinable()) {
            killer = std::thread([life, child] {
                std::this_thread::sleep_for(life);
                ::kill(child, SIGKILL);
            });
        }
        acknowledged.push_back(number);
    }
    if (killer.joinable()) killer.join();
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
    return acknowledged;
}

/// With so many requests under way all the time.
struct IntakeKilled : ::testing::TestWithParam<std::size_t> {};

TEST_P(IntakeKilled, LosesNoAcknowledgedEventAndCountsNoneTwice) {
    testing::ScratchDirectory scratch;
    std::vector<TrackingToken> tokens;
    std::vector<MessageId> messages;
    AccountId account;
    {
        SystemRandom random;
        ASSERT_TRUE(KeyFile::create(scratch.path / "keys", random).has_value());
        Process process(scratch.path);
        account = AccountId::make(process.clock.now(), random);
        ASSERT_TRUE(run(process.ring.create(AccountId{})));
        ASSERT_TRUE(run(process.ring.create(account)));
        Messages list{process.documents};
        for (int i = 0; i < 5; ++i) {
            Message message;
            message.id = MessageId::make(process.clock.now(), random);
            message.account = account;
            message.created_at = process.clock.now();
            ASSERT_TRUE(run(list.add(message)));
            ASSERT_TRUE(run(list.mark_sent(account, message.id, "g", "t", process.clock.now())));
            messages.push_back(message.id);
            tokens.push_back({.kind = TrackingToken::Kind::open,
                              .account = account,
                              .message = message.id,
                              .recipient = 0,
                              .destination = {}});
        }
    }
    std::map<std::string, int> acknowledged;
    for (int kill = 0; kill < kKills; ++kill) {
        const auto first = static_cast<std::uint32_t>(kill) * 10'000'000;
        for (const auto number :
             kill_after(std::chrono::milliseconds{20 + 37 * kill}, scratch.path, tokens, GetParam(), first))
            ++acknowledged[std::to_string(number)];
    }
    ASSERT_GT(acknowledged.size(), static_cast<std::size_t>(kKills));

    Process process(scratch.path);
    EXPECT_TRUE(soon([&] { return process.intake->figures().waiting == 0; }));
    process.intake->stop();
    Events events{process.documents};
    Tallies tallies{process.documents};
    std::map<std::string, int> stored;
    for (const auto& message : messages) {
        Tally recount{.message = message, .recipients = {}};
        for (const auto& judged : run(events.of_message(account, message, 10'000'000, {})).value()) {
            ++stored[judged.event.user_agent];
            count(recount, judged.event, judged.verdict.label);
        }
        const auto tally = run(tallies.get(account, message)).value();
        EXPECT_EQ(document_of(TallyRecord{.account = {}, .tally = tally, .folded = {}}).body,
                  document_of(TallyRecord{.account = {}, .tally = recount, .folded = {}}).body);
    }
    std::size_t lost = 0;
    for (const auto& [number, times] : acknowledged) lost += stored.contains(number) ? 0 : 1;
    EXPECT_EQ(lost, 0U) << "of " << acknowledged.size();
    for (const auto& [number, times] : stored) ASSERT_EQ(times, 1) << number;
}

// Few are stored before they are answered; a crowd is journaled first.
INSTANTIATE_TEST_SUITE_P(FewAndACrowd, IntakeKilled, ::testing::Values(64, 1'024));

}  // namespace
}  // namespace inboxpro
