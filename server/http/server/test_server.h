#pragma once
#include <gtest/gtest.h>

#include "http/server/server.h"
#include "http/server/test_client.h"
#include "testing/fakes.h"

namespace inboxpro::http {

/// A server on a free port with a clock that the test moves. Routes are added before begin().
struct TestServer {
    explicit TestServer(std::size_t thread_count = 2) : threads(thread_count) { options.listen = "127.0.0.1:0"; }
    ~TestServer() {
        if (server) server->stop(std::chrono::milliseconds{0});
        threads.stop();
    }

    std::uint16_t begin() {
        auto made = Server::listen(options, router, threads, clock, random);
        EXPECT_TRUE(made) << made.error().detail;
        server = std::move(*made);
        server->start();
        return server->port();
    }
    /// Moves the clock step by step until `done`, as deadlines are looked at a few times a second.
    template <class Done>
    bool advance_until(std::chrono::milliseconds step, Done done) {
        for (int i = 0; i < 500 && !done(); ++i) {
            clock.advance(step);
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        return done();
    }

    ServerOptions options;
    Router router;
    testing::FakeClock clock;
    testing::SeededRandom random;
    IoThreads threads;
    std::unique_ptr<Server> server;
};

inline Handler says(std::string text) {
    return [text = std::move(text)](Request) -> Task<Response> { co_return Response::text(200, text); };
}

}  // namespace inboxpro::http
