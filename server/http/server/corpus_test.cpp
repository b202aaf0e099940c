#include "http/server/test_corpus.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "http/server/test_server.h"

namespace inboxpro::http {

namespace {

std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c != '\\') {
            out += c;
            continue;
        }
        const char kind = text.at(0);
        text.remove_prefix(1);
        if (kind == 'x') {
            out += static_cast<char>(std::stoi(std::string(text.substr(0, 2)), nullptr, 16));
            text.remove_prefix(2);
        } else if (kind == '(') {
            const auto star = text.find('*'), end = text.find(')', star);
            const auto piece = unescaped(text.substr(0, star));
            for (int n = std::stoi(std::string(text.substr(star + 1, end - star - 1))); n > 0; --n) out += piece;
            text.remove_prefix(end + 1);
        } else {
            out += kind == 'r' ? '\r' : kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == '0' ? '\0' : kind;
        }
    }
    return out;
}

CorpusCase read_case(const std::filesystem::path& path) {
    std::ifstream in(path);
    CorpusCase out;
    std::string line;
    std::getline(in, out.name);
    std::getline(in, line);
    std::istringstream expect(line.substr(line.find(' ')));
    for (int status = 0; expect >> status;) out.statuses.push_back(status);
    out.stays_open = line.ends_with("then open");
    std::getline(in, line);
    while (std::getline(in, line)) out.bytes += unescaped(line);
    return out;
}

class Corpus : public ::testing::Test {
  protected:
    Corpus() {
        test.options.hosts = {"localhost"};
        test.router.add(Method::get, "/", says("home"));
        test.router.add(Method::post, "/echo", [](Request request) -> Task<Response> {
            co_return Response::text(200, std::move(request.body));
        });
        port = test.begin();
    }

    void next_client_is_served() {
        TestClient next(port);
        EXPECT_EQ(next.ask(kGood).status, 200);
    }

    static constexpr std::string_view kGood = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    TestServer test;
    std::uint16_t port;
};

void see_what_it_promises(TestClient& client, const CorpusCase& one) {
    Answer last;
    for (const int status : one.statuses) {
        last = client.receive();
        EXPECT_EQ(last.status, status) << last.body;
    }
    if (one.stays_open) {
        EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").body, "home");
    } else {
        EXPECT_EQ(last.header("Connection"), "close");
        EXPECT_TRUE(client.sees_close());
    }
}

std::vector<CorpusCase> valid_cases() {
    auto all = read_corpus();
    std::erase_if(all, [](const auto& one) { return !one.stays_open || one.bytes.size() > 300; });
    return all;
}

}  // namespace

std::vector<CorpusCase> read_corpus() {
    std::vector<CorpusCase> all;
    for (const auto& entry : std::filesystem::directory_iterator(INBOXPRO_SOURCE_DIR "/tests/data/http"))
        all.push_back(read_case(entry.path()));
    return all;
}

namespace {

TEST_F(Corpus, EachCaseGetsItsStatusAndTheNextClientIsServed) {
    const auto all = read_corpus();
    ASSERT_GE(all.size(), 150u);
    for (const auto& one : all) {
        SCOPED_TRACE(one.name);
        TestClient client(port);
        client.send(one.bytes);
        see_what_it_promises(client, one);
        next_client_is_served();
    }
}

TEST_F(Corpus, ValidCasesMayComeByteByByte) {
    for (const auto& one : valid_cases()) {
        SCOPED_TRACE(one.name);
        TestClient client(port);
        for (const char& byte : one.bytes) client.send({&byte, 1});
        see_what_it_promises(client, one);
    }
}

TEST_F(Corpus, AClientMayLeaveAfterEveryByte) {
    auto some = valid_cases();
    ASSERT_GE(some.size(), 10u);
    for (const auto& one : some) {
        SCOPED_TRACE(one.name);
        for (std::size_t size = 0; size < one.bytes.size(); ++size) {
            TestClient client(port);
            client.send(one.bytes.substr(0, size));
            client.end_sending();
            const auto seen = client.receive_rest();
            EXPECT_THAT(seen, ::testing::Not(::testing::HasSubstr("HTTP/1.1 4")));
        }
    }
    next_client_is_served();
    EXPECT_EQ(test.server->figures().refused, 0u);
}

TEST_F(Corpus, AThousandRequestsAtOnceAreAnsweredInOrder) {
    std::string bytes;
    for (int i = 0; i < 1000; ++i)
        bytes += fmt::format("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n{:04}", i);
    TestClient client(port);
    std::thread sender([&] { client.send(bytes); });
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.receive().body, fmt::format("{:04}", i));
    sender.join();
    next_client_is_served();
}

}  // namespace
}  // namespace inboxpro::http
