#include "google/http_client.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "google/errors.h"
#include "google/http_google_api.h"
#include "testing/fakes.h"
#include "testing/run.h"

namespace inboxpro {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::run;

/// Answers every request with what `answer` makes of it; an empty answer keeps the client waiting.
class TinyServer {
  public:
    explicit TinyServer(std::function<std::string(std::string request)> answer)
        : answer_(std::move(answer)),
          acceptor_(loop_, {boost::asio::ip::address_v4::loopback(), 0}),
          origin_(fmt::format("http://127.0.0.1:{}", acceptor_.local_endpoint().port())) {
        boost::asio::co_spawn(loop_, accept(), [](std::exception_ptr) {});
        thread_ = std::thread([this] { loop_.run(); });
    }
    ~TinyServer() {
        loop_.stop();
        thread_.join();
    }

    const std::string& origin() const { return origin_; }
    int connections() const { return connections_; }

  private:
    Task<void> accept() {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            ++connections_;
            boost::asio::co_spawn(loop_, serve(std::move(socket)), [](std::exception_ptr) {});
        }
    }
    Task<void> serve(tcp::socket socket) {
        std::string buffer;
        for (;;) {
            auto size = co_await async_read_until(socket, boost::asio::dynamic_buffer(buffer), "\r\n\r\n",
                                                  boost::asio::use_awaitable);
            const auto length = buffer.find("Content-Length: ");
            if (length < size) {
                size += std::stoul(buffer.substr(length + 16));
                while (buffer.size() < size)
                    co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(buffer),
                                                     boost::asio::transfer_at_least(1), boost::asio::use_awaitable);
            }
            const std::string reply = answer_(buffer.substr(0, size));
            buffer.erase(0, size);
            if (reply.empty())
                co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(buffer),
                                                 boost::asio::use_awaitable);
            co_await async_write(socket, boost::asio::buffer(reply), boost::asio::use_awaitable);
        }
    }

    std::function<std::string(std::string)> answer_;
    boost::asio::io_context loop_;
    tcp::acceptor acceptor_;
    std::string origin_;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

std::string reply(std::string_view status, std::string_view body, std::string_view headers = "") {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
}

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

class GoogleOverHttp : public ::testing::Test {
  protected:
    std::string seen_;
    std::string reply_ = reply("200 OK", R"({"id":"r-1","message":{"id":"18d1","threadId":"18c0"}})");
    TinyServer server_{[this](std::string request) {
        seen_ = std::move(request);
        return reply_;
    }};
    testing::FakeClock clock_;
    HttpGoogleApi google_{
        GoogleEndpoints::at(server_.origin()), {.id = "client 1", .secret = Secret{"s&cret"}}, clock_};
};

TEST_F(GoogleOverHttp, PostsTheCodeWithItsVerifierAsAForm) {
    reply_ = reply("200 OK", R"({"access_token":"a","expires_in":10})");
    ASSERT_TRUE(run(google_.exchange_code("4/code", Secret{"verifier"}, "https://app.example/oauth/callback")));
    EXPECT_TRUE(seen_.starts_with("POST /token HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
    EXPECT_TRUE(
        seen_.ends_with("\r\n\r\ngrant_type=authorization_code&code=4%2Fcode&code_verifier=verifier"
                        "&redirect_uri=https%3A%2F%2Fapp.example%2Foauth%2Fcallback"
                        "&client_id=client%201&client_secret=s%26cret"))
        << seen_;
}

TEST_F(GoogleOverHttp, UploadsADraftByteForByte) {
    const std::string raw = std::string("Subject: x\r\n\r\n\0\xff--boundary\r\n", 28);
    const auto draft = run(google_.create_draft(Secret{"ya29.a"}, raw, "18c0"));
    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->draft_id, "r-1");
    EXPECT_TRUE(seen_.starts_with("POST /upload/gmail/v1/users/me/drafts?uploadType=multipart HTTP/1.1\r\n"));
    EXPECT_NE(seen_.find("Authorization: Bearer ya29.a\r\n"), std::string::npos);
    EXPECT_NE(seen_.find(R"({"message":{"threadId":"18c0"}})"), std::string::npos);
    EXPECT_NE(seen_.find("Content-Type: message/rfc822\r\n\r\n" + raw + "\r\n--"), std::string::npos);
}

TEST_F(GoogleOverHttp, CallsGmailAtGooglesOwnPaths) {
    ASSERT_TRUE(run(google_.get_draft(Secret{"t"}, "r/1")));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/drafts/r%2F1?format=minimal HTTP/1.1\r\n"));
    ASSERT_TRUE(run(google_.send_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("POST /gmail/v1/users/me/drafts/send HTTP/1.1\r\n"));
    EXPECT_TRUE(seen_.ends_with(R"({"id":"r-1"})"));
    ASSERT_TRUE(run(google_.message_metadata(Secret{"t"}, "18d1", {"Message-ID", "X-A"})));
    EXPECT_TRUE(seen_.starts_with(
        "GET /gmail/v1/users/me/messages/18d1?format=metadata&metadataHeaders=Message-ID&metadataHeaders=X-A HTTP"));
    ASSERT_TRUE(run(google_.history(Secret{"t"}, 12, "p&2")));
    EXPECT_TRUE(
        seen_.starts_with("GET /gmail/v1/users/me/history?startHistoryId=12&historyTypes=messageAdded"
                          "&maxResults=500&pageToken=p%262 HTTP"));
    ASSERT_TRUE(run(google_.send_as_addresses(Secret{"t"})));
    EXPECT_TRUE(seen_.starts_with("GET /gmail/v1/users/me/settings/sendAs HTTP"));
    reply_ = "HTTP/1.1 204 No Content\r\n\r\n";
    ASSERT_TRUE(run(google_.delete_draft(Secret{"t"}, "r-1")));
    EXPECT_TRUE(seen_.starts_with("DELETE /gmail/v1/users/me/drafts/r-1 HTTP"));
}

TEST_F(GoogleOverHttp, RepeatsNothing) {
    reply_ = reply("503 Service Unavailable", R"({"error":{"code":503,"errors":[{"reason":"backendError"}]}})");
    int requests = 0;
    TinyServer failing([&](const std::string&) {
        ++requests;
        return reply_;
    });
    HttpGoogleApi google(GoogleEndpoints::at(failing.origin()), {.id = "c", .secret = Secret{"s"}}, clock_);
    EXPECT_EQ(run(google.send_draft(Secret{"t"}, "r-1")).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(run(google.refresh(Secret{"r"})).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(requests, 2);
}

TEST_F(GoogleOverHttp, TurnsRefusalsIntoErrors) {
    reply_ = reply("429 Too Many Requests", R"({"error":{"code":429,"errors":[{"reason":"rateLimitExceeded"}]}})",
                   "Retry-After: 30\r\n");
    EXPECT_EQ(run(google_.profile(Secret{"t"})).error().retry_after, 30s);
    reply_ = reply("400 Bad Request", R"({"error":"invalid_grant"})");
    EXPECT_EQ(run(google_.refresh(Secret{"t"})).error().detail, "invalid_grant");
}

}  // namespace
}  // namespace inboxpro
