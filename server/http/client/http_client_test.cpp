#include "http/client/http_client.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "testing/run.h"
#include "testing/tiny_server.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::reply;
using testing::run;
using testing::TinyServer;

TEST(HttpClient, SendsWhatItIsGivenAndReturnsTheAnswer) {
    std::string seen;
    TinyServer server([&](std::string request) {
        seen = std::move(request);
        return reply("201 Created", "hello", "Cache-Control: max-age=7\r\nRetry-After: 9\r\n");
    });
    HttpClient client;
    const auto answer = run(client.call(
        {.method = "POST", .url = server.origin() + "/a?b=c", .headers = {"X-One: 1"}, .body = Bytes("x\0y", 3)}));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "hello");
    EXPECT_EQ(answer->cache_control, "max-age=7");
    EXPECT_EQ(answer->retry_after, "9");
    EXPECT_TRUE(seen.starts_with("POST /a?b=c HTTP/1.1\r\n")) << seen;
    EXPECT_NE(seen.find("X-One: 1\r\n"), std::string::npos);
    EXPECT_TRUE(seen.ends_with(std::string_view("\r\n\r\nx\0y", 7)));
}

TEST(HttpClient, KeepsConnectionsForTheNextCall) {
    TinyServer server([](const std::string&) { return reply("200 OK", "hi"); });
    HttpClient client;
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(run(client.call({.url = server.origin()})));
    EXPECT_EQ(server.connections(), 1);
}

// libcurl sends a request again when a kept connection closes before it answers, although it may have had its effect.
TEST(HttpClient, NeverSendsAPostTwice) {
    std::atomic<int> posts = 0;
    TinyServer server([&](const std::string& request) {
        if (request.starts_with("GET ")) return reply("200 OK", "hi");
        ++posts;
        return std::string(TinyServer::kHangUp);
    });
    HttpClient client;
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(run(client.call({.url = server.origin()})));
        const auto answer = run(client.call({.method = "POST", .url = server.origin(), .body = "x"}));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
        EXPECT_EQ(posts, i + 1);
    }
}

TEST(HttpClient, RunsManyCallsAtOnce) {
    TinyServer server([](const std::string&) { return reply("200 OK", "hi"); });
    HttpClient client;
    boost::asio::io_context loop;
    int answered = 0;
    for (int i = 0; i < 100; ++i)
        boost::asio::co_spawn(loop, client.call({.url = server.origin()}),
                              [&](std::exception_ptr, Result<HttpAnswer> answer) { answered += answer ? 1 : 0; });
    loop.run();
    EXPECT_EQ(answered, 100);
}

TEST(HttpClient, GivesUpAtTheDeadline) {
    TinyServer server([](const std::string&) { return std::string{}; });
    HttpClient client;
    const auto started = std::chrono::steady_clock::now();
    EXPECT_EQ(run(client.call({.url = server.origin(), .deadline = 100ms})).error().kind, ErrorKind::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - started, 5s);
}

TEST(HttpClient, DropsACallWhoseCallerGaveUp) {
    std::atomic<int> asked = 0;
    TinyServer server([&](const std::string&) { return ++asked, std::string{}; });
    HttpClient client;
    boost::asio::io_context loop;
    boost::asio::cancellation_signal give_up;
    bool ended = false;
    boost::asio::co_spawn(loop, client.call({.url = server.origin(), .deadline = 1h}),
                          boost::asio::bind_cancellation_slot(
                              give_up.slot(), [&](std::exception_ptr, const Result<HttpAnswer>&) { ended = true; }));
    while (asked == 0) loop.run_for(5ms);
    EXPECT_FALSE(ended);
    give_up.emit(boost::asio::cancellation_type::terminal);
    const auto started = std::chrono::steady_clock::now();
    loop.run();
    EXPECT_TRUE(ended);
    EXPECT_LT(std::chrono::steady_clock::now() - started, 500ms) << "it must not wait for curl's next look around";
}

TEST(HttpClient, LeavesTheOthersAloneWhenOneGivesUp) {
    TinyServer server([](const std::string& request) {
        return request.starts_with("GET /never") ? std::string{} : reply("200 OK", "hi");
    });
    HttpClient client;
    boost::asio::io_context loop;
    boost::asio::cancellation_signal give_up;
    boost::asio::co_spawn(loop, client.call({.url = server.origin() + "/never"}),
                          boost::asio::bind_cancellation_slot(give_up.slot(), [](auto&&...) {}));
    loop.run_for(20ms);
    int answered = 0;
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(loop, client.call({.url = server.origin()}),
                              [&](std::exception_ptr, Result<HttpAnswer> answer) { answered += answer ? 1 : 0; });
    give_up.emit(boost::asio::cancellation_type::terminal);
    loop.run();
    EXPECT_EQ(answered, 10);
}

TEST(HttpClient, OpensOnlySoManyConnectionsToOneHost) {
    TinyServer server([](const std::string&) { return reply("200 OK", "hi"); });
    HttpClient client;
    boost::asio::io_context loop;
    int answered = 0;
    for (int i = 0; i < 500; ++i)
        boost::asio::co_spawn(loop, client.call({.url = server.origin()}),
                              [&](std::exception_ptr, Result<HttpAnswer> answer) { answered += answer ? 1 : 0; });
    loop.run();
    EXPECT_EQ(answered, 500);
    EXPECT_LE(server.connections(), HttpClient::kMostConnections);
}

TEST(HttpClient, SendsABodyWithPatchAndTellsTheOthersClock) {
    std::string seen;
    TinyServer server([&](std::string request) {
        seen = std::move(request);
        return reply("200 OK", "", "Date: Mon, 23 Nov 2026 09:00:00 GMT\r\n");
    });
    HttpClient client;
    const auto answer = run(client.call({.method = "PATCH", .url = server.origin(), .body = "{}"}));
    EXPECT_TRUE(seen.starts_with("PATCH / HTTP/1.1\r\n") && seen.ends_with("\r\n\r\n{}")) << seen;
    EXPECT_EQ(answer->date, "Mon, 23 Nov 2026 09:00:00 GMT");
}

TEST(HttpClient, RefusesALongerAnswerThanAllowed) {
    TinyServer server([](const std::string&) { return reply("200 OK", std::string(1'001, 'x')); });
    HttpClient client;
    EXPECT_FALSE(run(client.call({.url = server.origin(), .answer_limit = 1'000})));
    EXPECT_TRUE(run(client.call({.url = server.origin(), .answer_limit = 1'001})));
}

TEST(HttpClient, FollowsNoRedirect) {
    TinyServer server([](const std::string&) { return reply("302 Found", "", "Location: /elsewhere\r\n"); });
    HttpClient client;
    EXPECT_EQ(run(client.call({.url = server.origin()}))->status, 302);
}

TEST(HttpClient, SpeaksNothingButHttp) {
    HttpClient client;
    for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "", "http://127.0.0.1:1/"})
        EXPECT_EQ(run(client.call({.url = url})).error().kind, ErrorKind::unavailable) << url;
}

/// A certificate for 127.0.0.1 that nobody vouches for.
void use_self_signed_certificate(SSL_CTX* context) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(context, certificate.get());
    SSL_CTX_use_PrivateKey(context, key.get());
}

TEST(HttpClient, SendsNothingToWhomItCannotVerify) {
    boost::asio::io_context loop;
    tcp::acceptor acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0});
    int read = 0;
    std::thread server([&] {
        const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        use_self_signed_certificate(context.get());
        auto socket = acceptor.accept();
        socket.native_non_blocking(false);
        const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
        SSL_set_fd(tls.get(), socket.native_handle());
        SSL_accept(tls.get());
        char byte = 0;
        read = SSL_read(tls.get(), &byte, 1);
    });
    HttpClient client;
    const auto url = fmt::format("https://127.0.0.1:{}/", acceptor.local_endpoint().port());
    const auto refused = run(client.call({.url = url, .deadline = 5s}));
    server.join();
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
    EXPECT_NE(refused.error().detail.find("certificate"), std::string::npos) << refused.error().detail;
    EXPECT_LE(read, 0);
}

TEST(HttpClient, FailsOpenCallsWhenItGoes) {
    TinyServer server([](const std::string&) { return std::string{}; });
    boost::asio::io_context loop;
    std::optional<Result<HttpAnswer>> outcome;
    {
        HttpClient client;
        boost::asio::co_spawn(loop, client.call({.url = server.origin()}),
                              [&](std::exception_ptr, Result<HttpAnswer> answer) { outcome = std::move(answer); });
        loop.run_for(50ms);
        EXPECT_FALSE(outcome);
    }
    loop.restart();
    loop.run();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace inboxpro
