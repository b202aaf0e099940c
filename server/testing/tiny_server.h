#pragma once
#include <fmt/format.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <thread>

#include "base/task.h"

namespace inboxpro::testing {

/// Answers every request with what `answer` makes of it; an empty answer keeps the client waiting, kHangUp closes the
/// connection.
class TinyServer {
  public:
    static constexpr std::string_view kHangUp = "hang up";

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
    Task<void> serve(boost::asio::ip::tcp::socket socket) {
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
            if (reply == kHangUp) co_return;
            if (reply.empty())
                co_await boost::asio::async_read(socket, boost::asio::dynamic_buffer(buffer),
                                                 boost::asio::use_awaitable);
            co_await async_write(socket, boost::asio::buffer(reply), boost::asio::use_awaitable);
        }
    }

    std::function<std::string(std::string)> answer_;
    boost::asio::io_context loop_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::string origin_;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

inline std::string reply(std::string_view status, std::string_view body, std::string_view headers = "") {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
}

}  // namespace inboxpro::testing
