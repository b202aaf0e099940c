#include <gmock/gmock.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

using namespace std::chrono_literals;

Task<void> wait(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

/// Streams "tick" and then waits for very long; tells when it began and when it ended.
struct Ticker {
    Handler handler() {
        return [this](Request) -> Task<Response> {
            auto response = Response::text(200, "");
            response.stream = [this](BodyStream& body) { return tick(body); };
            co_return response;
        };
    }
    Task<void> tick(BodyStream& body) {
        const std::shared_ptr<void> end(nullptr, [this](void*) { ended = true; });
        co_await body.write("tick");
        began = true;
        co_await wait(1h);
    }
    std::atomic<bool> began = false, ended = false;
};

struct StopTest : ::testing::Test {
    StopTest() {
        test.router.add(Method::get, "/", says("home"));
        test.router.add(Method::get, "/slow", [this](Request) -> Task<Response> {
            ++running;
            co_await wait(300ms);
            co_return Response::text(200, "slow");
        });
        test.router.add(Method::get, "/never", [this](Request) -> Task<Response> {
            ++running;
            co_await wait(1h);
            co_return Response::text(200, "never");
        });
        test.router.add(Method::get, "/ticks", ticker.handler());
        test.router.add(Method::get, "/count", [](Request) -> Task<Response> {
            auto response = Response::text(200, "");
            response.stream = [](BodyStream& body) -> Task<void> {
                for (int i = 0; i < 1000; ++i) co_await body.write(std::to_string(i) + ",");
            };
            co_return response;
        });
    }
    std::chrono::milliseconds stop(std::chrono::milliseconds grace) {
        const auto began = std::chrono::steady_clock::now();
        test.server->stop(grace);
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    }
    template <class Done>
    bool soon(Done done) {
        return test.advance_until(0ms, done);
    }

    Ticker ticker;
    std::atomic<int> running = 0;
    TestServer test;
};

std::string get(std::string_view path) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path);
}

TEST_F(StopTest, LetsARunningRequestFinish) {
    TestClient slow(test.begin()), idle(test.server->port()), silent(test.server->port());
    EXPECT_EQ(idle.ask(get("/")).status, 200);
    slow.send(get("/slow"));
    ASSERT_TRUE(soon([&] { return running == 1; }));
    EXPECT_LT(stop(10s), 5s);
    const auto answer = slow.receive();
    EXPECT_EQ(answer.body, "slow");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(slow.sees_close());
    EXPECT_TRUE(idle.sees_close());
    EXPECT_TRUE(silent.sees_close());
    EXPECT_EQ(test.server->figures().connections_open, 0u);
    EXPECT_ANY_THROW(TestClient{test.server->port()});
}

TEST_F(StopTest, AnswersWhoHadComeBeforeItStopped) {
    TestClient early(test.begin());
    EXPECT_EQ(early.ask(get("/")).status, 200);
    std::vector<std::unique_ptr<TestClient>> late;
    for (int i = 0; i < 50; ++i) late.push_back(std::make_unique<TestClient>(test.server->port()));
    std::jthread stopper([&] { stop(10s); });
    EXPECT_TRUE(early.sees_close()) << "it stops";
    for (auto& client : late) client->send(get("/"));
    for (auto& client : late) {
        EXPECT_EQ(client->receive().status, 200);
        EXPECT_TRUE(client->sees_close());
    }
}

TEST_F(StopTest, EndsAllWhenTheGraceIsOver) {
    TestClient client(test.begin()), half(test.server->port());
    client.send(get("/never"));
    half.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
    ASSERT_TRUE(soon([&] { return running == 1; }));
    const auto took = stop(100ms);
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, 2s);
    EXPECT_TRUE(client.sees_close());
    EXPECT_TRUE(half.sees_close());
    EXPECT_EQ(test.server->figures().connections_open, 0u);
}

TEST_F(StopTest, EndsStreamsAtOnce) {
    TestClient client(test.begin());
    client.send(get("/ticks"));
    ASSERT_TRUE(soon([&] { return ticker.began.load(); }));
    EXPECT_LT(stop(10s), 5s);
    EXPECT_TRUE(ticker.ended);
}

TEST_F(StopTest, MayComeTwiceAndBeforeStart) {
    auto made = Server::listen(test.options, test.router, test.threads, test.clock, test.random);
    ASSERT_TRUE(made);
    (*made)->stop(10s);
    (*made)->stop(10s);
}

TEST_F(StopTest, AStreamComesInChunks) {
    TestClient client(test.begin());
    const auto answer = client.ask(get("/count"));
    EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(answer.header("Content-Length"), "");
    EXPECT_TRUE(answer.body.starts_with("0,1,2,"));
    EXPECT_TRUE(answer.body.ends_with(",999,"));
    EXPECT_TRUE(client.sees_close());
}

TEST_F(StopTest, AStreamToAnOldClientEndsWithTheConnection) {
    TestClient client(test.begin());
    client.send("GET /count HTTP/1.0\r\nHost: a\r\n\r\n");
    const auto all = client.receive_rest();
    EXPECT_THAT(all, ::testing::HasSubstr("\r\n\r\n0,1,2,"));
    EXPECT_TRUE(all.ends_with(",999,"));
}

TEST_F(StopTest, AStreamHasNoBodyForHead) {
    TestClient client(test.begin());
    EXPECT_EQ(client.ask("HEAD /count HTTP/1.1\r\nHost: a\r\n\r\n", false).status, 200);
    EXPECT_EQ(client.ask(get("/")).body, "home");
}

TEST_F(StopTest, AStreamEndsWhenItsClientLeaves) {
    {
        TestClient client(test.begin());
        client.send(get("/ticks"));
        EXPECT_EQ(client.receive(false).status, 200);
        EXPECT_EQ(client.receive_chunk(), "tick");
    }
    EXPECT_TRUE(soon([&] { return ticker.ended && test.server->figures().connections_open == 0; }));
}

}  // namespace
}  // namespace inboxpro::http
