#include "http/server/listener.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/server/door.h"
#include "http/server/text.h"

namespace inboxpro::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// How often deadlines are looked at: one look at all connections is cheaper than a timer for each.
constexpr std::chrono::milliseconds kLook{100};
/// After a failed accept: the process is out of descriptors, and time alone helps.
constexpr std::chrono::milliseconds kPause{100};

}  // namespace

bool ServerContext::answers_host(std::string_view host) const {
    return options.hosts.empty() ||
           std::ranges::any_of(options.hosts, [&](const auto& ours) { return same_ignoring_case(ours, host); });
}

Listener::Listener(std::shared_ptr<ServerContext> context, asio::io_context& loop, tcp::acceptor acceptor,
                   std::uint64_t seed)
    : context_(std::move(context)),
      loop_(loop),
      acceptor_(std::move(acceptor)),
      pause_(loop),
      watch_(loop),
      next_id_(seed) {}

void Listener::start() {
    asio::co_spawn(loop_, accept(), [self = shared_from_this()](const std::exception_ptr&) {});
}

Task<void> Listener::accept() {
    while (acceptor_.is_open()) {
        tcp::endpoint peer;
        auto [error, socket] = co_await acceptor_.async_accept(peer, asio::as_tuple(asio::use_awaitable));
        if (!error) {
            take(std::move(socket), plain(peer.address()));
        } else if (acceptor_.is_open()) {
            pause_.expires_after(kPause);
            co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }
}

bool Listener::is_counted(const asio::ip::address& peer) const {
    return !peer.is_loopback() && !context_->proxies.contains(peer);
}

void Listener::take(tcp::socket socket, const asio::ip::address& peer) {
    const auto& limits = context_->options.limits;
    if (context_->open.load(std::memory_order_relaxed) >= limits.connections) return;
    if (is_counted(peer) && !context_->peers.enter(peer, limits.connections_per_ip)) return;
    ++context_->open;
    auto connection = make_connection(std::move(socket), Origin{peer, context_->tls.has_value()}, shared_from_this());
    connections_.insert(connection.get());
    connection->start();
    if (!watches_) watch_deadlines();
}

void Listener::forget(Connection& connection, const asio::ip::address& peer) {
    connections_.erase(&connection);
    if (is_counted(peer)) context_->peers.leave(peer);
    --context_->open;
}

void Listener::watch_deadlines() {
    watches_ = !connections_.empty();
    if (!watches_) return;
    watch_.expires_after(kLook);
    watch_.async_wait([self = shared_from_this()](boost::system::error_code) {
        const auto now = self->context_->clock.steady();
        for (auto* connection : self->connections_) connection->check_deadline(now);
        self->watch_deadlines();
    });
}

void Listener::end_gently() {
    if (acceptor_.is_open()) shut_door(acceptor_);
    take_who_waits();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    const auto all = connections_;
    for (auto* connection : all) connection->end_gently();
}

// Whoever the system has let in would otherwise be cut off, and could not know whether its request was heard.
void Listener::take_who_waits() {
    boost::system::error_code error;
    acceptor_.non_blocking(true, error);
    while (!error) {
        tcp::endpoint peer;
        auto socket = acceptor_.accept(loop_, peer, error);
        if (!error) take(std::move(socket), plain(peer.address()));
    }
}

void Listener::close_all() {
    const auto all = connections_;
    for (auto* connection : all) connection->close();
    watch_.cancel();
}

std::string_view Listener::date() {
    const auto now = context_->clock.now();
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != date_of_) {
        date_ = to_http_date(now);
        date_of_ = second;
    }
    return date_;
}

std::string Listener::next_request_id() {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string id(15, '0');
    auto number = mixed(next_id_++);
    for (char& digit : id) {
        digit = kDigits[number % 16];
        number /= 16;
    }
    return id;
}

}  // namespace inboxpro::http
