#include "http/server/server.h"

#include <gmock/gmock.h>

#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

TEST(Server, AnswersARequest) {
    TestServer test;
    test.router.add(Method::get, "/hello/{name}", [](Request request) -> Task<Response> {
        co_return Response::text(200, "hello " + request.path_values.at(0));
    });
    TestClient client(test.begin());
    const auto answer = client.ask("GET /hello/Ada%20L?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello Ada L");
    EXPECT_EQ(answer.header("Date"), to_http_date(test.clock.now()));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("X-Request-Id").size(), 15u);
    EXPECT_EQ(answer.header("Server"), "");
}

}  // namespace
}  // namespace inboxpro::http
