#include "http/server/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro::http {

namespace asio = boost::asio;

namespace {
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
}

Transport::Transport(asio::ip::tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
    if (tls) tls_ = std::make_unique<asio::ssl::stream<asio::ip::tcp::socket&>>(socket_, *tls);
}

Task<bool> Transport::handshake() {
    if (!tls_) co_return true;
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAsTuple);
    co_return !error;
}

Task<Transport::Moved> Transport::read(asio::mutable_buffer space) {
    return tls_ ? tls_->async_read_some(space, kAsTuple) : socket_.async_read_some(space, kAsTuple);
}

Task<Transport::Moved> Transport::write(std::string_view bytes) {
    const auto buffer = asio::buffer(bytes);
    return tls_ ? tls_->async_write_some(buffer, kAsTuple) : socket_.async_write_some(buffer, kAsTuple);
}

std::size_t Transport::write_now(std::string_view bytes) {
    if (tls_) return 0;
    boost::system::error_code ignored;
    return socket_.write_some(asio::buffer(bytes), ignored);
}

Task<void> Transport::end_writing() {
    if (tls_) co_await tls_->async_shutdown(kAsTuple);
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Transport::cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Transport::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace inboxpro::http
