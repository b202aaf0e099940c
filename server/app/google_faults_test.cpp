#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <filesystem>

#include "app/against_sandbox.h"
#include "store/sqlite/sqlite_store.h"

// The rows of the fault matrix that concern Google. What was delivered is counted in the sandbox's ledger.
namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;
using boost::json::array;
using boost::json::object;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int kMails = 200;
/// Short enough for a test to wait for; a spurious one is one fault more.
constexpr GoogleDeadlines kShort{.call = 20s, .send = 400ms, .upload = 400ms};
constexpr int kTooLong = 900;

using Seen = Border::Seen;
using User = AgainstSandbox::User;

/// Calls made by an account after it was told to wait and before that time was over.
int calls_too_early(const std::vector<Seen>& seen, std::chrono::seconds wait) {
    std::map<std::string, TimePoint> told;
    int early = 0;
    for (const auto& each : seen) {
        const auto known = told.find(each.who);
        if (known != told.end() && each.at > known->second && each.at < known->second + wait) ++early;
        if (each.status == 429 || each.status == 403) told[each.who] = each.at;
    }
    return early;
}

TEST(GoogleFaults, F8LosesAndDoublesNothingUnderRateLimitsAndCallsNoAccountThatWasToldToWait) {
    AgainstSandbox world;
    world.add_users(10);
    world.submit_all(kMails);
    world.set_faults({object{{"api", "gmail"}, {"kind", "rate_limit"}, {"rate", 0.3}, {"delay_ms", 60'000}}});
    world.work_for(10min);
    EXPECT_GT(world.hits(), 20);
    EXPECT_EQ(calls_too_early(world.border.seen(), 60s), 0);
    world.set_faults({});
    world.work_for(30min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F8OneCallTriesWhetherALimitIsOverAndOthersAreUnaffected) {
    AgainstSandbox world;
    world.add_users(10);
    world.submit_all(kMails);
    const auto limited = world.users[0]->address;
    world.border.meddle([&](http::Request request, const http::Router& google) -> Task<http::Response> {
        if (world.border.who(request) != limited) co_return co_await google.answer(std::move(request));
        co_return http::Response::json(
            429, R"({"error":{"code":429,"errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}],)"
                 R"("message":"User-rate limit exceeded.  Retry after )" +
                     to_rfc3339(world.clock.now() + 200s) + R"("}})");
    });
    world.work_for(20s);
    EXPECT_THAT(world.states(), ElementsAre(Pair("scheduled", 20), Pair("sent", 180)));
    const auto told_at = world.clock.now();
    world.work_for(10min);
    const auto seen = world.border.seen();
    std::map<TimePoint, int> by_time;
    for (const auto& each : seen)
        if (each.who == limited && each.at > told_at) ++by_time[each.at];
    EXPECT_GE(by_time.size(), 2U);
    for (const auto& [at, calls] : by_time) EXPECT_EQ(calls, 1) << to_rfc3339(at);
    EXPECT_EQ(calls_too_early(seen, 200s), 0);
    world.border.meddle({});
    world.work_for(30min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F9LosesAndDoublesNothingWhenGoogleFailsBeforeTheEffect) {
    AgainstSandbox world;
    world.add_users(5);
    world.submit_all(kMails);
    world.set_faults({object{{"api", ""}, {"kind", "status"}, {"status", 503}, {"rate", 0.2}}});
    world.work_for(30min);
    EXPECT_GT(world.hits(), 50);
    world.set_faults({});
    world.work_for(30min);
    // Five failures in a row are rare, and then the mail's writer decides.
    for (const auto& mail : world.mails)
        if (const auto send = world.send_of(mail); send.problem && send.problem->code == "gave_up")
            ASSERT_TRUE(testing::run(world.node->outbox.send_now(mail.first, mail.second)));
    world.work_for(1min);
    world.expect_each_sent_once();
}

/// The answer to one call in five is lost after it took effect.
void lose_answers(AgainstSandbox& world, const std::string& call) {
    world.set_faults(
        {object{
             {"api", call}, {"kind", "status"}, {"status", 502}, {"after_effect", true}, {"rate", 0.07}, {"seed", 1}},
         object{{"api", call}, {"kind", "reset_after_effect"}, {"rate", 0.07}, {"seed", 2}},
         object{{"api", call},
                {"kind", "timeout"},
                {"after_effect", true},
                {"delay_ms", kTooLong},
                {"rate", 0.07},
                {"seed", 3}}});
}

TEST(GoogleFaults, F10SendsEachMailOnceWhenAnswersToSendingAreLost) {
    AgainstSandbox world;
    world.add_users(5);
    world.submit_all(kMails);
    world.restart(kShort);
    lose_answers(world, "gmail.drafts.send");
    world.work_for(30min);
    EXPECT_GT(world.hits(), 20);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F10SendsEachMailOnceWhenAnswersToCreatingItsDraftAreLost) {
    AgainstSandbox world;
    world.add_users(5);
    world.restart(kShort);
    lose_answers(world, "gmail.drafts.create");
    world.submit_all(kMails);
    EXPECT_GT(world.hits(), 20);
    world.work_for(30min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F10LeavesNoDraftOfAMailThatItsWriterWasToldWillNotGoOut) {
    AgainstSandbox world;
    auto& user = world.add_user();
    world.set_faults({object{{"api", "drafts.create"}, {"kind", "reset_after_effect"}},
                      object{{"api", "drafts.list"}, {"kind", "status"}, {"status", 503}}});
    for (int i = 0; i < 5; ++i) {
        const auto refused = world.submit(user);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
        EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("will not be sent"));
    }
    world.set_faults({});
    EXPECT_EQ(world.drafts_of(user), 5);
    ASSERT_TRUE(world.submit(user)) << "its writer asks again";
    world.work_for(30min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F11HoldsTheMailOfDeadGrantsWithoutCallingGoogleAndAsksBeforeSendingItLate) {
    constexpr int kAccounts = 100;
    AgainstSandbox world;
    world.add_users(kAccounts);
    world.submit_all(5 * kAccounts);
    world.clock.advance(1h);
    // Half of the mail is an hour late when the grants are back, the other half is not.
    world.submit_all(5 * kAccounts);
    for (auto& user : world.users) world.withdraw(*user);
    for (auto& mail : world.mails) {
        auto send = world.send_of(mail);
        send.wanted_at = std::max(send.wanted_at, world.clock.now() - 50min);
        ASSERT_TRUE(testing::run(world.sends.update(send)));
    }
    world.work_for(1min);
    EXPECT_THAT(world.states(), ElementsAre(Pair("held:reconnect", 10 * kAccounts)));
    for (auto& user : world.users)
        EXPECT_EQ(testing::run(world.accounts.get(user->account))->state, Account::State::reconnect_needed);
    const auto asked = world.border.seen().size();
    world.work_for(30min);
    EXPECT_EQ(world.border.seen().size(), asked) << "a dead grant is not asked again";
    EXPECT_THAT(world.told(), ElementsAre(Pair("reconnect", kAccounts))) << "once, not for each mail";

    for (auto& user : world.users) world.reconnect(*user);
    world.work_for(1min);
    EXPECT_THAT(world.states(), ElementsAre(Pair("needs_user:late", 5 * kAccounts), Pair("sent", 5 * kAccounts)));
    EXPECT_THAT(world.told(), ElementsAre(Pair("late", 5 * kAccounts)));
    for (const auto& mail : world.mails)
        if (world.send_of(mail).state == SendState::needs_user)
            ASSERT_TRUE(testing::run(world.node->outbox.send_now(mail.first, mail.second)));
    world.work_for(1min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, AnAccountThatGoogleShutsOutIsAskedOnceAnHour) {
    AgainstSandbox world;
    world.add_users(1);
    world.submit_all(50);
    world.border.meddle([&](http::Request request, const http::Router& google) -> Task<http::Response> {
        if (request.path == "/token") co_return co_await google.answer(std::move(request));
        co_return http::Response::json(403, R"({"error":{"code":403,"errors":[{"reason":"domainPolicy"}]}})");
    });
    const auto before = world.border.count("/gmail/");
    world.work_for(1min);
    const auto first = world.border.count("/gmail/");
    EXPECT_LE(first - before, 32) << "those that were under way at once";
    world.work_for(50min);
    EXPECT_EQ(world.border.count("/gmail/"), first);
    EXPECT_THAT(world.states(), ElementsAre(Pair("held:blocked", 50)));
    EXPECT_THAT(world.told(), ElementsAre(Pair("blocked", 1)));
    world.work_for(3h);
    EXPECT_LE(world.border.count("/gmail/") - first, 3);
    EXPECT_THAT(world.states(), ElementsAre(Pair("needs_user:late", 50)));
}

TEST(GoogleFaults, F12SendsEachMailOnceWhenRepliesComeAfterTheLease) {
    AgainstSandbox world;
    world.add_users(5);
    world.submit_all(kMails);
    world.restart(kShort);
    world.set_faults({object{{"api", "drafts.send"}, {"kind", "delay"}, {"delay_ms", kTooLong}, {"rate", 0.2}}});
    world.work_for(30min);
    EXPECT_GT(world.hits(), 20);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, F12SendsOnceWhenAnotherNodeTakesOverWhileARequestIsStillAlive) {
    AgainstSandbox world;
    auto& user = world.add_user();
    world.submit_all(8);
    // The call reaches Google and sits there; the clock runs past the lease meanwhile, and the effect comes last.
    std::atomic<bool> open = false;
    world.border.meddle([&](http::Request request, const http::Router& google) -> Task<http::Response> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (request.path.ends_with("/drafts/send") && !open) {
            timer.expires_after(5ms);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        co_return co_await google.answer(std::move(request));
    });
    boost::asio::io_context loop;
    const auto due = testing::run(world.node->outbox.due(20)).value();
    int overtaken = 0;
    for (const auto& send : due)
        boost::asio::co_spawn(loop, world.node->outbox.advance(send), [&](std::exception_ptr, Result<Send> outcome) {
            overtaken += !outcome && outcome.error().kind == ErrorKind::conflict ? 1 : 0;
        });
    std::thread slow([&] { loop.run(); });
    while (world.border.count("/drafts/send") < 8) std::this_thread::yield();
    world.clock.advance(kLease);
    AgainstSandbox::Node other(world, world.origin, {});
    world.work(other.outbox);
    EXPECT_EQ(world.states()["unknown"], 8)
        << "another node's request may be alive a lease longer, whatever clocks say";
    world.clock.advance(kLease);
    world.work(other.outbox);
    EXPECT_EQ(world.states()["scheduled"], 8) << "the drafts are still there";
    std::thread second([&] { world.work(other.outbox); });
    while (world.border.count("/drafts/send") < 16) std::this_thread::yield();
    EXPECT_TRUE(world.deliveries().empty());
    open = true;
    slow.join();
    second.join();
    world.work_for(30min, other.outbox);
    EXPECT_EQ(overtaken, 8);
    EXPECT_EQ(world.drafts_of(user), 0);
    world.expect_each_sent_once();
}

/// What history can be like while lost answers are looked up.
enum class History { lagging, gone, without_labels, in_lower_case };

class WithHistory : public ::testing::TestWithParam<History> {};

TEST_P(WithHistory, F13EachMailIsFoundByItsMarkerAlone) {
    AgainstSandbox world;
    world.add_users(5);
    world.submit_all(kMails);
    const auto begun = world.clock.now();
    world.border.meddle([&](http::Request request, const http::Router& google) -> Task<http::Response> {
        EXPECT_FALSE(request.query_value("q")) << "nothing is searched for by text";
        const bool history = request.path.ends_with("/history"), sent = request.path.ends_with("/messages");
        const bool lags = GetParam() == History::lagging && world.clock.now() < begun + 5min;
        if (lags && (history || sent)) co_return http::Response::json(200, R"({"historyId":"2000"})");
        if (history && GetParam() == History::gone)
            co_return http::Response::json(404, R"({"error":{"code":404,"errors":[{"reason":"notFound"}]}})");
        auto response = co_await google.answer(std::move(request));
        if (GetParam() == History::in_lower_case) boost::replace_all(response.body, kMarkerHeader, "x-inboxpro-id");
        const bool unlabelled = GetParam() == History::without_labels && history && response.status == 200;
        co_return unlabelled ? without_labels(std::move(response)) : std::move(response);
    });
    lose_answers(world, "drafts.send");
    world.restart(kShort);
    world.work_for(30min);
    EXPECT_GT(world.hits(), 20);
    world.expect_each_sent_once();
}

INSTANTIATE_TEST_SUITE_P(GoogleFaults, WithHistory,
                         ::testing::Values(History::lagging, History::gone, History::without_labels,
                                           History::in_lower_case));

TEST(GoogleFaults, F27HoldsMailWhileGoogleCannotBeReachedAndThenSendsItOnce) {
    for (const auto* nowhere : {"http://google.invalid", "http://127.0.0.1:1", "tls", "proxy"}) {
        SCOPED_TRACE(nowhere);
        AgainstSandbox world;
        world.add_users(4);
        world.submit_all(20);
        const std::string kind = nowhere;
        auto origin = kind;
        if (kind == "tls") origin = "https" + world.origin.substr(4);
        if (kind == "proxy") {
            origin = world.origin;
            world.border.meddle([](http::Request, const http::Router&) -> Task<http::Response> {
                co_return http::Response::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>");
            });
        }
        {
            AgainstSandbox::Node cut_off(world, origin, {});
            world.work_for(10min, cut_off.outbox);
        }
        EXPECT_EQ(world.states()["scheduled"], 20);
        EXPECT_TRUE(world.deliveries().empty());
        world.border.meddle({});
        world.work_for(15min);
        world.expect_each_sent_once();
    }
}

TEST(GoogleFaults, BodiesThatCannotBeReadAreNoAnswer) {
    AgainstSandbox world;
    world.add_users(2);
    world.submit_all(40);
    std::atomic<std::size_t> turn = 0;
    world.border.meddle([&turn](http::Request request, const http::Router& google) -> Task<http::Response> {
        static constexpr std::string_view kBodies[] = {"", "<html>", "{\"id\":", "[]", "{}", "{\"id\":7}"};
        auto response = co_await google.answer(std::move(request));
        const auto number = ++turn;
        if (number % 4 == 0 && response.status == 200) response.body = kBodies[number / 4 % std::size(kBodies)];
        co_return response;
    });
    world.work_for(40min);
    world.border.meddle({});
    world.work_for(15min);
    world.expect_each_sent_once();
}

TEST(GoogleFaults, SurvivesOnTheDatabaseThatShips) {
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("inboxpro-faults-{}", getpid());
    std::filesystem::create_directories(folder);
    {
        AgainstSandbox world(open_sqlite_store({.file = folder / "db"}, all_collections()).value());
        world.add_users(5);
        world.restart(kShort);
        lose_answers(world, "drafts");
        int taken = 0;
        for (int i = 0; i < kMails; ++i) taken += world.submit(*world.users[static_cast<std::size_t>(i) % 5]) ? 1 : 0;
        EXPECT_GT(taken, kMails / 2);
        world.work_for(30min);
        world.set_faults({});
        world.work_for(30min);
        EXPECT_GT(world.mails.size(), kMails / 2U);
        world.expect_each_sent_once();
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace inboxpro::app
