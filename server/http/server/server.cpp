#include "http/server/server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <charconv>
#include <cstring>
#include <future>

#include "http/server/listener.h"
#include "http/server/text.h"
#include "http/server/tls.h"

namespace inboxpro::http {

namespace asio = boost::asio;
using asio::ip::tcp;

std::size_t Limits::body_limit(Method method, std::string_view path) const {
    for (const auto& large : large_bodies)
        if (large.method == method &&
            (large.path == path || (large.path.ends_with('/') && path.starts_with(large.path))))
            return large.bytes;
    return body;
}

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

Result<tcp::endpoint> endpoint_of(std::string_view listen) {
    const auto colon = listen.rfind(':');
    auto host = listen.substr(0, colon);
    const auto port_text = colon == std::string_view::npos ? std::string_view{} : listen.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const auto [end, port_error] = std::from_chars(port_text.begin(), port_text.end(), port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error || port_error != std::errc{} || end != port_text.end())
        return fail(ErrorKind::invalid, fmt::format("\"{}\" is no address to listen on: it must be like "
                                                    "127.0.0.1:8080 or [::1]:8080.",
                                                    listen));
    return tcp::endpoint(address, port);
}

/// The first socket of a server is bound alone, so that a second process on the same port is noticed, and shared with
/// the other loops only then.
Result<tcp::acceptor> bind_acceptor(asio::io_context& loop, const tcp::endpoint& endpoint, bool first) {
    boost::system::error_code error;
    tcp::acceptor acceptor(loop);
    const auto then = [&](auto&& step) {
        if (!error) step();
    };
    then([&] { acceptor.open(endpoint.protocol(), error); });
    then([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
    if (!first) then([&] { acceptor.set_option(ReusePort(true), error); });
    then([&] { acceptor.bind(endpoint, error); });
    if (first) then([&] { acceptor.set_option(ReusePort(true), error); });
    // Accepted sockets inherit it: small answers must not wait for more.
    then([&] { acceptor.set_option(tcp::no_delay(true), error); });
    if (!error) return acceptor;
    return fail(ErrorKind::unavailable, fmt::format("Cannot listen on {}:{}: {}.", endpoint.address().to_string(),
                                                    endpoint.port(), error.message()));
}

/// A client that came as the server stopped has this long for its first request.
constexpr std::chrono::milliseconds kFirstRequest{200};

class ListeningServer final : public Server {
  public:
    ListeningServer(std::shared_ptr<ServerContext> context, std::uint16_t port,
                    std::vector<std::shared_ptr<Listener>> listeners)
        : context_(std::move(context)), port_(port), listeners_(std::move(listeners)) {}
    ~ListeningServer() override { stop(std::chrono::milliseconds{0}); }

    std::uint16_t port() const override { return port_; }
    void answer_host(std::string host) override { context_->options.hosts.push_back(std::move(host)); }
    void start() override;
    void stop(std::chrono::milliseconds grace) override;
    ServerFigures figures() const override;

  private:
    void on_each_loop(void (Listener::*act)());
    void wait_for_all(std::chrono::milliseconds time) const;

    std::shared_ptr<ServerContext> context_;
    std::uint16_t port_;
    std::vector<std::shared_ptr<Listener>> listeners_;
};

void ListeningServer::on_each_loop(void (Listener::*act)()) {
    std::vector<std::future<void>> done;
    for (auto& listener : listeners_)
        if (!listener->loop().stopped())
            done.push_back(asio::post(listener->loop(), asio::use_future([listener, act] { (*listener.*act)(); })));
    for (auto& future : done) future.wait();
}

void ListeningServer::start() {
    on_each_loop(&Listener::start);
}

void ListeningServer::wait_for_all(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (context_->open > 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
}

void ListeningServer::stop(std::chrono::milliseconds grace) {
    on_each_loop(&Listener::end_gently);
    wait_for_all(std::min(grace, kFirstRequest));
    on_each_loop(&Listener::end_gently);
    wait_for_all(grace - std::min(grace, kFirstRequest));
    on_each_loop(&Listener::close_all);
}

ServerFigures ListeningServer::figures() const {
    ServerFigures figures{.connections_open = context_->open};
    for (const auto& listener : listeners_) {
        figures.requests += listener->requests();
        figures.refused += listener->refused();
    }
    return figures;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, const Router& router, IoThreads& threads,
                                               const Clock& clock, Random& random) {
    auto endpoint = TRY(endpoint_of(options.listen));
    auto proxies = TRY(Networks::parse(options.trusted_proxies));
    std::optional<asio::ssl::context> tls;
    if (options.tls) tls = TRY(tls_context(*options.tls));

    std::vector<tcp::acceptor> acceptors;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        acceptors.push_back(TRY(bind_acceptor(threads.loop(i), endpoint, i == 0)));
        if (i == 0) endpoint.port(acceptors[0].local_endpoint().port());
    }
    auto context = std::make_shared<ServerContext>(std::move(options), std::move(proxies), std::move(tls), router,
                                                   clock, PeerCounts(random));
    std::vector<std::shared_ptr<Listener>> listeners;
    for (std::size_t i = 0; i < acceptors.size(); ++i) {
        boost::system::error_code error;
        acceptors[i].listen(tcp::acceptor::max_listen_connections, error);
        if (error)
            return fail(ErrorKind::unavailable,
                        fmt::format("Cannot listen on {}: {}.", context->options.listen, error.message()));
        std::uint64_t seed = 0;
        std::memcpy(&seed, random.bytes(sizeof seed).data(), sizeof seed);
        listeners.push_back(std::make_shared<Listener>(context, threads.loop(i), std::move(acceptors[i]), seed));
    }
    return std::make_unique<ListeningServer>(std::move(context), endpoint.port(), std::move(listeners));
}

}  // namespace inboxpro::http
