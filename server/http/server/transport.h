#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string_view>
#include <tuple>

#include "base/task.h"

namespace inboxpro::http {

/// The bytes of one connection, in clear or through TLS. Used on one loop only.
class Transport {
  public:
    using Moved = std::tuple<boost::system::error_code, std::size_t>;

    /// `tls` is null for a connection in clear.
    Transport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

    boost::asio::any_io_executor executor() { return socket_.get_executor(); }
    bool is_tls() const { return tls_ != nullptr; }
    Task<bool> handshake();
    Task<Moved> read(boost::asio::mutable_buffer space);
    Task<Moved> write(std::string_view bytes);
    /// Writes what can be written without waiting; returns how much that was.
    std::size_t write_now(std::string_view bytes);
    /// Tells the other side that no more will come.
    Task<void> end_writing();
    /// Waiting reads and writes fail; the connection stays open.
    void cancel();
    void close();

  private:
    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
};

}  // namespace inboxpro::http
