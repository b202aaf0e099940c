#include "http/server/tls.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <boost/asio/ssl/stream.hpp>
#include <cstdlib>
#include <fstream>

#include "http/server/test_server.h"

namespace inboxpro::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Tls : ::testing::Test {
    Tls() {
        std::string pattern = (std::filesystem::temp_directory_path() / "inboxpro-tls-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        make("a");
        test.options.tls = TlsFiles{folder / "a.crt", folder / "a.key"};
        test.router.add(Method::get, "/", [](Request request) -> Task<Response> {
            co_return Response::text(200, request.secure ? "secure" : "clear");
        });
        test.router.add(Method::get, "/big", says(std::string(4 << 20, 'x')));
    }
    ~Tls() override { std::filesystem::remove_all(folder); }

    void make(const std::string& name) const {
        const auto command = fmt::format(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
            "-keyout {0}/{1}.key -out {0}/{1}.crt 2>/dev/null",
            folder.string(), name);
        ASSERT_EQ(std::system(command.c_str()), 0);
    }
    std::string problem(TlsFiles files) const {
        const auto context = tls_context(files);
        return context ? "" : context.error().detail;
    }

    std::filesystem::path folder;
    TestServer test;
};

/// Asks over TLS and reads until the server closes; empty when no connection came about.
std::string ask(std::uint16_t port, std::string_view request, int max_version = TLS1_3_VERSION) {
    asio::io_context loop;
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), max_version);
    SSL_CTX_set_alpn_protos(context.native_handle(), reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
    asio::ssl::stream<asio::ip::tcp::socket> stream(loop, context);
    stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
    boost::system::error_code error;
    stream.handshake(asio::ssl::stream_base::client, error);
    if (error) return {};
    asio::write(stream, asio::buffer(request), error);
    std::string answer;
    asio::read(stream, asio::dynamic_buffer(answer), error);
    return answer;
}

constexpr std::string_view kGetAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST_F(Tls, CarriesRequests) {
    const auto port = test.begin();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto answer = ask(port, kGetAndClose, version);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
        EXPECT_TRUE(answer.ends_with("\r\n\r\nsecure"));
        EXPECT_THAT(answer, ::testing::HasSubstr("Strict-Transport-Security: max-age=31536000\r\n"));
    }
    const auto big = ask(port, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(kGetAndClose));
    EXPECT_GT(big.size(), 4u << 20);
    EXPECT_TRUE(big.ends_with("secure"));
    EXPECT_TRUE(ask(port, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
}

TEST_F(Tls, RefusesOldVersions) {
    const auto port = test.begin();
    EXPECT_EQ(ask(port, kGetAndClose, TLS1_1_VERSION), "");
    EXPECT_EQ(ask(port, kGetAndClose, TLS1_VERSION), "");
}

TEST_F(Tls, ClosesOnAClientInClear) {
    TestClient client(test.begin());
    client.send(kGetAndClose);
    EXPECT_EQ(client.receive().status, 0);
}

TEST_F(Tls, ClosesOnAHandshakeThatTakesTooLong) {
    TestClient client(test.begin());
    ASSERT_TRUE(test.advance_until(0ms, [&] { return test.server->figures().connections_open == 1; }));
    EXPECT_TRUE(test.advance_until(1s, [&] { return test.server->figures().connections_open == 0; }));
    EXPECT_TRUE(client.sees_close());
}

TEST_F(Tls, NamesTheFileThatCannotBeUsed) {
    make("b");
    std::ofstream(folder / "garbage") << "garbage";
    const auto path = [&](const char* name) { return (folder / name).string(); };
    EXPECT_EQ(problem({folder / "none", folder / "a.key"}),
              fmt::format("The certificate {} cannot be read as PEM.", path("none")));
    EXPECT_EQ(problem({folder / "garbage", folder / "a.key"}),
              fmt::format("The certificate {} cannot be read as PEM.", path("garbage")));
    EXPECT_EQ(problem({folder / "a.crt", folder / "none"}),
              fmt::format("The private key {} cannot be read as PEM.", path("none")));
    EXPECT_EQ(problem({folder / "a.crt", folder / "b.key"}),
              fmt::format("The private key {} does not belong to the certificate {}.", path("b.key"), path("a.crt")));
    EXPECT_EQ(problem({folder / "a.crt", folder / "a.key"}), "");
}

}  // namespace
}  // namespace inboxpro::http
