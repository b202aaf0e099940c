#include <gmock/gmock.h>

#include "http/server/message.h"
#include "http/server/test_server.h"
#include "testing/run.h"

namespace inboxpro::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Answers with its name and what the placeholders matched.
Handler named(std::string name) {
    return [name = std::move(name)](Request request) -> Task<Response> {
        std::string body = name;
        for (const auto& value : request.path_values) body += "|" + value;
        co_return Response::text(200, body);
    };
}

struct Routes : ::testing::Test {
    Response ask(std::string path, Method method = Method::get) {
        Request request;
        request.method = method;
        request.path = std::move(path);
        request.request_id = "abc123";
        return testing::run(router.answer(std::move(request)));
    }
    Router router;
};

TEST_F(Routes, LiteralBeatsPlaceholder) {
    router.add(Method::get, "/m/{id}", named("one"));
    router.add(Method::get, "/m/new", named("new"));
    router.add(Method::get, "/m/{id}.gif", named("gif"));
    router.add(Method::get, "/m/{id}/events", named("events"));
    router.add(Method::get, "/m/new/{x}/deep", named("deep"));
    router.add(Method::get, "/files/{rest*}", named("rest"));
    router.add(Method::get, "/", named("home"));
    EXPECT_EQ(ask("/").body, "home");
    EXPECT_EQ(ask("/m/new").body, "new");
    EXPECT_EQ(ask("/m/7").body, "one|7");
    EXPECT_EQ(ask("/m/7.gif").body, "gif|7");
    EXPECT_EQ(ask("/m/.gif").body, "one|.gif");
    EXPECT_EQ(ask("/m/new/events").body, "events|new");
    EXPECT_EQ(ask("/m/new/a/deep").body, "deep|a");
    EXPECT_EQ(ask("/files/a/b.c").body, "rest|a/b.c");
    EXPECT_EQ(ask("/files/").body, "rest|");
}

TEST_F(Routes, UnknownPathIs404) {
    router.add(Method::get, "/m/{id}", named("one"));
    for (const auto* path : {"/", "/m", "/m/", "/m/1/", "/m/1/2", "/M/1"}) EXPECT_EQ(ask(path).status, 404) << path;
    router.otherwise(named("otherwise"));
    EXPECT_EQ(ask("/nowhere", Method::post).body, "otherwise");
}

TEST_F(Routes, KnownPathWithAnotherMethodIs405WithAllow) {
    router.add(Method::get, "/m/{id}", named("one"));
    router.add(Method::del, "/m/{id}", named("delete"));
    router.add(Method::post, "/m/new", named("new"));
    router.otherwise(named("otherwise"));
    const auto refused = ask("/m/7", Method::put);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.headers.get("allow"), "GET, HEAD, DELETE, OPTIONS");
    const auto options = ask("/m/7", Method::options);
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.headers.get("allow"), "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(ask("/m/new").body, "one|new");
    EXPECT_EQ(ask("/m/7", Method::head).body, "one|7");
}

TEST_F(Routes, AnExceptionBecomesAGenericAnswerWithTheRequestId) {
    router.add(Method::get, "/boom", [](Request) -> Task<Response> {
        throw std::runtime_error("the secret password");
        co_return Response{};
    });
    const auto answer = ask("/boom");
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, HasSubstr("abc123"));
    EXPECT_THAT(answer.body, ::testing::Not(HasSubstr("secret")));
}

TEST_F(Routes, MisspeltAndDoubleRoutesAreRefused) {
    router.add(Method::get, "/a/{x}", named("a"));
    EXPECT_THROW(router.add(Method::get, "/a/{y}", named("b")), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "a", named("b")), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "/{a", named("b")), std::logic_error);
    EXPECT_THROW(router.add(Method::get, "/{a*}/b", named("b")), std::logic_error);
    EXPECT_THAT(router.routes(), ElementsAre("GET /a/{x}"));
}

TEST(Errors, HaveOneStatusEach) {
    EXPECT_EQ(error_response(Error{ErrorKind::not_found, "x"}).status, 404);
    EXPECT_EQ(error_response(Error{ErrorKind::conflict, "x"}).status, 409);
    EXPECT_EQ(error_response(Error{ErrorKind::invalid, "x"}).status, 400);
    EXPECT_EQ(error_response(Error{ErrorKind::denied, "x"}).status, 403);
    EXPECT_EQ(error_response(Error{ErrorKind::unavailable, "x"}).status, 503);
    const auto field = error_response(Error{.kind = ErrorKind::invalid, .detail = "No \"address\".", .field = "to"});
    EXPECT_EQ(field.status, 422);
    EXPECT_EQ(field.body, R"({"error":{"code":"invalid","message":"No \"address\".","field":"to"}})");
    const auto limited = error_response(Error{ErrorKind::rate_limited, "Slower.", std::chrono::seconds{7}});
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.get("Retry-After"), "7");
    const auto corrupt = error_response(Error{ErrorKind::corrupt, "row 7 of keys"});
    EXPECT_EQ(corrupt.status, 500);
    EXPECT_THAT(corrupt.body, ::testing::Not(HasSubstr("row 7")));
}

TEST(Request, FindsItsCookies) {
    Request request;
    request.headers.add("Cookie", "a=1; session=x=y ;b=");
    request.headers.add("cookie", "c=3");
    EXPECT_EQ(request.cookie("session"), "x=y");
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("b"), "");
    EXPECT_EQ(request.cookie("c"), "3");
    EXPECT_EQ(request.cookie("sess"), "");
}

TEST(Fields, CompareNamesWithoutCase) {
    Fields fields;
    fields.add("A-b", "1");
    fields.add("a-B", "2");
    EXPECT_EQ(fields.get("a-b"), "1");
    fields.set("A-B", "3");
    EXPECT_EQ(std::distance(fields.begin(), fields.end()), 1);
    EXPECT_EQ(fields.get("a-b"), "3");
    EXPECT_FALSE(fields.has("a"));
}

}  // namespace
}  // namespace inboxpro::http
