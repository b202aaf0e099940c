#include <gtest/gtest.h>

#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

std::string post(std::string_view path, std::string_view framing, std::string_view body) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n{}", path, framing, body);
}

TEST(LargeBody, IsTakenByItsRouteOnly) {
    TestServer test;
    test.options.limits.body = 10;
    test.options.limits.large_bodies = {{Method::post, "/mail", 20}, {Method::post, "/mails/", 20}};
    for (const auto* path : {"/mail", "/other", "/mails/1"})
        test.router.add(Method::post, path, [](Request request) -> Task<Response> {
            co_return Response::text(200, std::move(request.body));
        });
    const auto port = test.begin();
    const auto status = [&](std::string_view path, std::string_view framing, std::string_view body) {
        TestClient client(port);
        return client.ask(post(path, framing, body)).status;
    };
    const std::string fifteen(15, 'x');
    EXPECT_EQ(status("/mail", "Content-Length: 15", fifteen), 200);
    EXPECT_EQ(status("/mails/1", "Content-Length: 15", fifteen), 200);
    EXPECT_EQ(status("/mails/1", "Content-Length: 21", ""), 413);
    EXPECT_EQ(status("/mail", "Content-Length: 21", ""), 413);
    EXPECT_EQ(status("/other", "Content-Length: 15", ""), 413);
    EXPECT_EQ(status("/mail", "Transfer-Encoding: chunked", "f\r\n" + fifteen + "\r\n0\r\n\r\n"), 200);
    EXPECT_EQ(status("/mail", "Transfer-Encoding: chunked", "15\r\n"), 413);
    EXPECT_EQ(status("/other", "Transfer-Encoding: chunked", "f\r\n"), 413);
}

}  // namespace
}  // namespace inboxpro::http
