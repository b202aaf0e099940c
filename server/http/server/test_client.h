#pragma once
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string>
#include <string_view>

#include "http/server/text.h"

namespace inboxpro::http {

/// What came back for one request; status 0 when nothing did.
struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    std::string_view header(std::string_view name) const {
        std::string_view rest = head;
        while (!rest.empty()) {
            auto line = take_until(rest, '\n');
            if (line.ends_with('\r')) line.remove_suffix(1);
            const auto key = take_until(line, ':');
            if (same_ignoring_case(key, name)) return trimmed(line);
        }
        return {};
    }
};

/// A client that sends whatever bytes a test wants. Blocking; gives up after ten seconds without a byte.
class TestClient {
  public:
    explicit TestClient(std::uint16_t port) : socket_(loop_) {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        const timeval patience{10, 0};
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        socket_.set_option(boost::asio::ip::tcp::no_delay(true));
    }

    boost::asio::ip::tcp::socket& socket() { return socket_; }
    /// False when the server closed before all was sent.
    bool send(std::string_view bytes) {
        boost::system::error_code error;
        boost::asio::write(socket_, boost::asio::buffer(bytes), error);
        return !error;
    }
    void end_sending() {
        boost::system::error_code ignored;
        socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    }
    /// Everything until the server closes.
    std::string receive_rest() {
        while (fill()) {
        }
        return std::move(buffer_);
    }
    /// True when the server closes without another byte.
    bool sees_close() { return buffer_.empty() && !fill(); }

    Answer receive(bool has_body = true) {
        Answer answer;
        auto end = std::string::npos;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
            if (!fill()) return answer;
        answer.head = take(end + 4);
        std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
        if (!has_body || answer.status < 200 || answer.status == 204 || answer.status == 304) return answer;
        if (answer.header("Transfer-Encoding") == "chunked") {
            receive_chunks(answer);
        } else {
            std::size_t size = 0;
            const auto length = answer.header("Content-Length");
            std::from_chars(length.begin(), length.end(), size);
            while (buffer_.size() < size && fill()) {
            }
            answer.body = take(size);
        }
        return answer;
    }
    Answer ask(std::string_view bytes, bool has_body = true) {
        send(bytes);
        return receive(has_body);
    }
    /// The next chunk of a streamed body; empty at its end.
    std::string receive_chunk() {
        std::string line = receive_line();
        std::size_t size = 0;
        std::from_chars(line.data(), line.data() + line.size(), size, 16);
        while (buffer_.size() < size + 2)
            if (!fill()) return {};
        auto chunk = take(size);
        take(2);
        return chunk;
    }

  private:
    bool fill() {
        char space[16 * 1024];
        // Asio's own blocking read would wait on after the time-out.
        const auto size = ::recv(socket_.native_handle(), space, sizeof space, 0);
        if (size > 0) buffer_.append(space, static_cast<std::size_t>(size));
        return size > 0;
    }
    std::string take(std::size_t size) {
        auto taken = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return taken;
    }
    std::string receive_line() {
        auto end = std::string::npos;
        while ((end = buffer_.find("\r\n")) == std::string::npos)
            if (!fill()) return {};
        return take(end + 2);
    }
    void receive_chunks(Answer& answer) {
        for (auto chunk = receive_chunk(); !chunk.empty(); chunk = receive_chunk()) answer.body += chunk;
    }

    boost::asio::io_context loop_;
    boost::asio::ip::tcp::socket socket_;
    std::string buffer_;
};

}  // namespace inboxpro::http
