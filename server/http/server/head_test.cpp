#include "http/server/head.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "http/server/chunked.h"

namespace inboxpro::http {
namespace {

/// Bytes that are more often part of HTTP than chance would have it.
rc::Gen<std::string> nearly_http() {
    const auto piece = rc::gen::oneOf(rc::gen::elementOf(std::vector<std::string>{"GET ",      "/",
                                                                                  " HTTP/1.1", "\r\n",
                                                                                  "\r",        "\n",
                                                                                  "Host: a",   ":",
                                                                                  " ",         "Content-Length: ",
                                                                                  "5",         "Transfer-Encoding: ",
                                                                                  "chunked",   "%",
                                                                                  "..",        "\r\n\r\n",
                                                                                  "ffffffff",  ";",
                                                                                  "?",         "=",
                                                                                  "POST "}),
                                      rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& all) {
        std::string out;
        for (const auto& one : all) out += one;
        return out;
    });
}

RC_GTEST_PROP(Head, OfAnyBytesIsReadOrRefused, ()) {
    const auto bytes = *nearly_http();
    const Limits limits;
    HeadEnd end(limits);
    if (const auto refusal = end.look(bytes)) {
        RC_ASSERT(refusal->status >= 400 && refusal->status < 600);
        return;
    }
    if (end.size() == 0) return;
    RC_ASSERT(end.size() <= bytes.size());
    RequestHead head;
    if (read_head(std::string_view(bytes).substr(0, end.size()), head)) return;
    Request request;
    if (read_target(head.target, request)) return;
    RC_ASSERT(request.path == "*" || request.path.starts_with('/'));
    RC_ASSERT(!request.path.starts_with("//"));
    RC_ASSERT(!("/" + request.path + "/").contains("/../"));
    RC_ASSERT(!request.path.contains('\0'));
}

bool is_accepted(std::string_view head) {
    RequestHead ignored;
    return !read_head(head, ignored);
}

RC_GTEST_PROP(Head, IsTheSameHoweverItComes, ()) {
    const auto bytes = *nearly_http();
    const Limits limits;
    HeadEnd whole(limits), pieces(limits);
    const bool at_once = !whole.look(bytes) && whole.size() > 0;
    bool refused = false;
    for (std::size_t size = 1; size <= bytes.size() && !refused && pieces.size() == 0; ++size)
        refused = pieces.look(std::string_view(bytes).substr(0, size)).has_value();
    RC_ASSERT((at_once && is_accepted(bytes.substr(0, whole.size()))) ==
              (!refused && pieces.size() > 0 && is_accepted(bytes.substr(0, pieces.size()))));
}

RC_GTEST_PROP(ChunkedBody, IsTheSameHoweverItComes, (const std::vector<std::string>& chunks)) {
    std::string bytes, content;
    for (const auto& chunk : chunks) {
        if (chunk.empty()) continue;
        content += chunk;
        bytes += fmt::format("{:x};x=y\r\n{}\r\n", chunk.size(), chunk);
    }
    bytes += "0\r\nTrailer: x\r\n\r\nnext";
    const auto step = *rc::gen::inRange<std::size_t>(1, 20);
    const Limits limits;
    ChunkedBody body(limits, limits.body);
    std::string got, waiting;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        waiting += bytes.substr(at, step);
        std::string_view rest = waiting;
        RC_ASSERT(!body.take(rest, got));
        waiting = std::string(rest);
    }
    RC_ASSERT(body.done());
    RC_ASSERT(got == content);
    RC_ASSERT(waiting == "next");
}

RC_GTEST_PROP(ChunkedBody, OfAnyBytesEndsOrIsRefused, ()) {
    const auto bytes = *nearly_http();
    const Limits limits;
    ChunkedBody body(limits, limits.body);
    std::string content;
    std::string_view rest = bytes;
    if (!body.take(rest, content) && !body.done()) RC_ASSERT(!rest.contains('\n'));
    RC_ASSERT(content.size() <= bytes.size());
}

TEST(Target, IsDecoded) {
    Request request;
    ASSERT_FALSE(read_target("/a%20b/%C3%A4?x=1+2&y=%26&z&x=3&bad=100%", request));
    EXPECT_EQ(request.path, "/a b/\xc3\xa4");
    EXPECT_EQ(request.target, "/a%20b/%C3%A4?x=1+2&y=%26&z&x=3&bad=100%");
    EXPECT_EQ(request.query_value("x"), "1 2");
    EXPECT_EQ(request.query_value("y"), "&");
    EXPECT_EQ(request.query_value("z"), "");
    EXPECT_EQ(request.query_value("bad"), "100%");
    EXPECT_FALSE(request.query_value("none"));
    EXPECT_EQ(request.query.size(), 5u);
}

}  // namespace
}  // namespace inboxpro::http
