#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "http/server/connection.h"
#include "http/server/networks.h"
#include "http/server/peer_counts.h"
#include "http/server/server.h"

namespace inboxpro::http {

/// What the listeners of one server share: read only after start(), besides the counts.
struct ServerContext {
    ServerOptions options;
    Networks proxies;
    std::optional<boost::asio::ssl::context> tls;
    const Router& router;
    const Clock& clock;
    PeerCounts peers;
    std::atomic<std::size_t> open = 0;

    bool answers_host(std::string_view host) const;
};

/// One loop's share of a server: its acceptor and the connections that came through it.
class Listener : public std::enable_shared_from_this<Listener> {
  public:
    Listener(std::shared_ptr<ServerContext> context, boost::asio::io_context& loop,
             boost::asio::ip::tcp::acceptor acceptor, std::uint64_t seed);

    /// From here on all calls come on the loop, besides requests() and refused().
    void start();
    void end_gently();
    void close_all();

    ServerContext& context() { return *context_; }
    /// Now, as the Date header says it; made once a second.
    std::string_view date();
    /// 60 random-looking bits, in as many characters as a string holds without the heap.
    std::string next_request_id();
    void count_request() { requests_.fetch_add(1, std::memory_order_relaxed); }
    void count_refused() { refused_.fetch_add(1, std::memory_order_relaxed); }
    /// Called once by each connection, when its socket is closed.
    void forget(Connection& connection, const boost::asio::ip::address& peer);

    boost::asio::io_context& loop() { return loop_; }
    std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }
    std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

  private:
    Task<void> accept();
    void take(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& peer);
    void take_who_waits();
    bool is_counted(const boost::asio::ip::address& peer) const;
    void watch_deadlines();

    std::shared_ptr<ServerContext> context_;
    boost::asio::io_context& loop_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    boost::asio::steady_timer watch_;
    bool watches_ = false;
    std::unordered_set<Connection*> connections_;
    std::uint64_t next_id_;
    std::chrono::sys_seconds date_of_{};
    std::string date_;
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
};

}  // namespace inboxpro::http
