#include "http/server/server.h"

#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sstream>

#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

struct ServerTest : ::testing::Test {
    ServerTest() {
        test.router.add(Method::get, "/", says("home"));
        test.router.add(Method::post, "/echo", [](Request request) -> Task<Response> {
            co_return Response::text(200, std::move(request.body));
        });
        test.router.add(Method::get, "/big", says(std::string(16 << 20, 'x')));
    }
    bool all_gone() { return test.server->figures().connections_open == 0; }
    TestServer test;
};

/// Lets the server's time run a hundred times as fast as ours.
struct FastTime {
    explicit FastTime(testing::FakeClock& clock)
        : thread([&clock](const std::stop_token& stop) {
              for (; !stop.stop_requested(); std::this_thread::sleep_for(5ms)) clock.advance(500ms);
          }) {}
    std::jthread thread;
};

TEST_F(ServerTest, AnswersWithItsOwnHeaders) {
    TestClient client(test.begin());
    const auto answer = client.ask(kGet);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "home");
    EXPECT_EQ(answer.header("Date"), to_http_date(test.clock.now()));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("X-Request-Id").size(), 15u);
    EXPECT_EQ(answer.header("Server"), "");
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "");
    EXPECT_NE(client.ask(kGet).header("X-Request-Id"), answer.header("X-Request-Id"));
    test.clock.advance(1h);
    EXPECT_EQ(client.ask(kGet).header("Date"), to_http_date(test.clock.now()));
    EXPECT_EQ(test.server->figures().requests, 3u);
    EXPECT_EQ(test.server->figures().connections_open, 1u);
}

TEST_F(ServerTest, AnswersHeadWithoutTheBody) {
    TestClient client(test.begin());
    const auto answer = client.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", false);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Length"), "4");
    EXPECT_EQ(client.ask(kGet).body, "home");
}

TEST_F(ServerTest, AsksForABodyThatWaits) {
    TestClient client(test.begin());
    const auto go_on =
        client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(go_on.status, 100);
    EXPECT_EQ(client.ask("hello").body, "hello");
}

TEST_F(ServerTest, SendsAndTakesLargeBodies) {
    TestClient client(test.begin());
    EXPECT_EQ(client.ask("GET /big HTTP/1.1\r\nHost: a\r\n\r\n").body.size(), 16u << 20);
    const std::string body(1 << 20, 'b');
    std::thread sender([&] {
        client.send(fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    });
    const auto answer = client.receive();
    sender.join();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == body);
}

TEST_F(ServerTest, GoesOnAfterAnException) {
    test.router.add(Method::get, "/boom", [](Request) -> Task<Response> {
        throw std::runtime_error("secret");
        co_return Response{};
    });
    TestClient client(test.begin());
    const auto answer = client.ask("GET /boom HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, HasSubstr(answer.header("X-Request-Id")));
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
    EXPECT_EQ(client.ask(kGet).body, "home");
}

TEST_F(ServerTest, SendsNoHeaderThatWouldEndItsLine) {
    test.router.add(Method::get, "/split", [](Request request) -> Task<Response> {
        co_return Response::redirect(302, std::string(*request.query_value("to")));
    });
    TestClient client(test.begin());
    const auto answer = client.ask("GET /split?to=/%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.head, Not(HasSubstr("Set-Cookie")));
    EXPECT_EQ(client.ask("GET /split?to=/x HTTP/1.1\r\nHost: a\r\n\r\n").header("Location"), "/x");
}

TEST_F(ServerTest, ClosesWhenAHandlerSaysSo) {
    test.router.add(Method::get, "/bye", [](Request) -> Task<Response> {
        auto response = Response::text(200, "bye");
        response.headers.add("Connection", "close");
        co_return response;
    });
    TestClient client(test.begin());
    EXPECT_EQ(client.ask("GET /bye HTTP/1.1\r\nHost: a\r\n\r\n").header("Connection"), "close");
    EXPECT_TRUE(client.sees_close());
}

TEST_F(ServerTest, AnswersAHostThatWasAddedAfterBinding) {
    test.options.hosts = {"mail.example"};
    auto made = Server::listen(test.options, test.router, test.threads, test.clock, test.random);
    ASSERT_TRUE(made);
    test.server = std::move(*made);
    test.server->answer_host(fmt::format("localhost:{}", test.server->port()));
    test.server->start();
    TestClient client(test.server->port());
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: mail.example\r\n\r\n").status, 200);
    EXPECT_EQ(client.ask(fmt::format("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", test.server->port())).status, 200);
    EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 421);
}

TEST_F(ServerTest, RefusesAHeadThatTakesTooLong) {
    TestClient client(test.begin());
    EXPECT_EQ(client.ask(std::string(kGet) + "GET / HTTP/1.1\r\nHo").status, 200);
    test.clock.advance(9s);
    std::this_thread::sleep_for(250ms);
    EXPECT_EQ(client.ask("st: a\r\n\r\n").status, 200);
    client.send("G");
    FastTime time(test.clock);
    EXPECT_EQ(client.receive().status, 408);
    EXPECT_TRUE(client.sees_close());
    EXPECT_EQ(test.server->figures().refused, 1u);
}

TEST_F(ServerTest, RefusesAHeadThatDripsIn) {
    TestClient client(test.begin());
    FastTime time(test.clock);
    client.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 400 && client.send("A: b\r\n") && test.server->figures().refused == 0; ++i)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(client.receive().status, 408);
}

TEST_F(ServerTest, RefusesABodyThatTakesTooLong) {
    TestClient client(test.begin());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhello");
    FastTime time(test.clock);
    EXPECT_EQ(client.receive().status, 408);
    EXPECT_TRUE(client.sees_close());
}

TEST_F(ServerTest, RefusesABodyThatBeginsFastAndStops) {
    TestClient client(test.begin());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200001\r\n\r\n" + std::string(200000, 'b'));
    FastTime time(test.clock);
    EXPECT_EQ(client.receive().status, 408);
}

TEST_F(ServerTest, TakesABodyThatIsSlowButSteady) {
    TestClient client(test.begin());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    for (int i = 0; i < 200; ++i) {
        client.send(std::string(1000, 'b'));
        test.clock.advance(100ms);
        std::this_thread::sleep_for(3ms);
    }
    EXPECT_EQ(client.receive().body.size(), 200000u);
}

TEST_F(ServerTest, ClosesAnIdleConnectionWithoutAWord) {
    TestClient silent(test.begin()), kept(test.server->port());
    EXPECT_EQ(kept.ask(kGet).status, 200);
    test.clock.advance(29s);
    std::this_thread::sleep_for(250ms);
    EXPECT_EQ(kept.ask(kGet).status, 200);
    FastTime time(test.clock);
    EXPECT_TRUE(kept.sees_close());
    EXPECT_TRUE(silent.sees_close());
}

TEST_F(ServerTest, LeavesAClientThatDoesNotRead) {
    TestClient client(test.begin());
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(test.advance_until(0ms, [&] { return test.server->figures().requests == 1; }));
    EXPECT_TRUE(test.advance_until(500ms, [&] { return all_gone(); }));
    EXPECT_LT(client.receive_rest().size(), 16u << 20);
}

TEST_F(ServerTest, TakesSoManyConnectionsAndNoMore) {
    test.options.limits.connections = 3;
    const auto port = test.begin();
    std::vector<std::unique_ptr<TestClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<TestClient>(port));
        EXPECT_EQ(clients.back()->ask(kGet).status, 200);
    }
    EXPECT_TRUE(TestClient(port).sees_close());
    clients.pop_back();
    EXPECT_TRUE(test.advance_until(0ms, [&] { return test.server->figures().connections_open < 3; }));
    EXPECT_EQ(TestClient(port).ask(kGet).status, 200);
}

TEST_F(ServerTest, NoticesAnAddressThatIsTaken) {
    const auto port = test.begin();
    test.options.listen = fmt::format("127.0.0.1:{}", port);
    const auto second = Server::listen(test.options, test.router, test.threads, test.clock, test.random);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(second.error().detail, fmt::format("Cannot listen on 127.0.0.1:{}: Address already in use.", port));
}

TEST_F(ServerTest, RefusesOptionsThatItCannotUse) {
    for (const auto* listen : {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "nowhere:80"}) {
        test.options.listen = listen;
        const auto made = Server::listen(test.options, test.router, test.threads, test.clock, test.random);
        ASSERT_FALSE(made) << listen;
        EXPECT_EQ(made.error().kind, ErrorKind::invalid);
    }
    test.options.listen = "127.0.0.1:0";
    test.options.trusted_proxies = {"10.0.0.0/33"};
    EXPECT_FALSE(Server::listen(test.options, test.router, test.threads, test.clock, test.random));
}

TEST_F(ServerTest, LogsNothingOfWhatAClientSays) {
    std::ostringstream log;
    const auto before = spdlog::default_logger();
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log);
    const auto logger = std::make_shared<spdlog::logger>("test", sink);
    logger->set_level(spdlog::level::debug);
    spdlog::set_default_logger(logger);
    test.router.add(Method::get, "/m/{id}", says("hush"));
    TestClient client(test.begin());
    const auto answer = client.ask("GET /m/canary?q=canary HTTP/1.1\r\nHost: a\r\nCookie: canary\r\n\r\n");
    EXPECT_EQ(client.ask("GET /canary HTTP/1.1\r\nHost: canary\r\nCanary\r\n\r\n").status, 400);
    test.server->stop(0ms);
    spdlog::set_default_logger(before);
    EXPECT_THAT(log.str(), HasSubstr("GET /m/{id} 200"));
    EXPECT_THAT(log.str(), HasSubstr(answer.header("X-Request-Id")));
    EXPECT_THAT(log.str(), Not(HasSubstr("canary")));
    EXPECT_THAT(log.str(), Not(HasSubstr("Canary")));
}

}  // namespace
}  // namespace inboxpro::http
