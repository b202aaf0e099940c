#include "http/server/connection.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "http/server/chunked.h"
#include "http/server/listener.h"
#include "http/server/response_head.h"
#include "http/server/text.h"
#include "http/server/transport.h"

namespace inboxpro::http {

namespace asio = boost::asio;

namespace {

constexpr auto kNever = SteadyPoint::max();
constexpr std::size_t kHeadRead = 4 * 1024;
constexpr std::size_t kBodyRead = 16 * 1024;
/// Answers that wait together for one write; a larger body is written from where it stands.
constexpr std::size_t kLargeOutput = 32 * 1024;
/// A refused client may still be sending: closing at once would take the answer away from it.
constexpr std::chrono::seconds kLinger{1};

std::string_view code_of(int status) {
    switch (status) {
        case 405: return "method_not_allowed";
        case 408: return "too_slow";
        case 413: return "body_too_large";
        case 414: return "target_too_long";
        case 417: return "expectation_failed";
        case 421: return "wrong_host";
        case 431: return "head_too_large";
        case 501: return "not_implemented";
        case 505: return "wrong_version";
        default: return "malformed";
    }
}

class ClientConnection final : public Connection,
                               public std::enable_shared_from_this<ClientConnection>,
                               private BodyStream {
  public:
    ClientConnection(asio::ip::tcp::socket socket, Origin peer, std::shared_ptr<Listener> listener)
        : listener_(std::move(listener)),
          context_(listener_->context()),
          limits_(context_.options.limits),
          transport_(std::move(socket), context_.tls ? &*context_.tls : nullptr),
          peer_(std::move(peer)),
          peer_text_(peer_.client.to_string()) {}

    void start() override;
    void check_deadline(SteadyPoint now) override;
    void end_gently() override;
    void close() override;

  private:
    Task<void> run();
    Task<bool> serve_next();
    Task<std::optional<Refusal>> receive_head();
    std::optional<Refusal> begin_request(Request& out);
    Task<std::optional<Refusal>> receive_body(std::string& body);
    bool put_answer(Response& response);
    Task<void> send_stream(const Response& response);
    Task<void> watch_client();
    Task<bool> write(std::string piece) override;
    void refuse(const Refusal& refusal);
    Task<void> linger();

    Task<Transport::Moved> read(std::size_t at_most);
    bool took(const Transport::Moved& moved);
    bool flush_now();
    Task<bool> flush();
    Task<bool> send(std::string_view bytes);
    SteadyPoint next_piece_due(SteadyPoint began, std::size_t moved) const;
    std::string_view input() const { return {static_cast<const char*>(input_.data().data()), input_.size()}; }
    AnswerFacts facts(bool keeps_open, bool chunked);

    std::shared_ptr<Listener> listener_;
    ServerContext& context_;
    const Limits& limits_;
    std::size_t body_limit_ = 0;
    Transport transport_;
    const Origin peer_;
    const std::string peer_text_;
    boost::beast::flat_buffer input_;
    std::string output_;  ///< Finished answers that are not sent yet.
    RequestHead head_;
    std::size_t head_size_ = 0;
    std::string request_id_;
    bool secure_ = false;

    SteadyPoint deadline_ = kNever;
    bool expired_ = false;   ///< The last wait ended because its time was up.
    bool may_close_ = true;  ///< No request is under way.
    bool is_new_ = true;     ///< Nor has one begun; its first may be on its way already.
    bool ends_ = false;      ///< No request after this one.
    bool gone_ = false;      ///< The client is, or we are.
    bool closed_ = false;
    bool streams_in_chunks_ = false;
    asio::cancellation_signal stream_end_;
};

void ClientConnection::start() {
    asio::co_spawn(transport_.executor(), run(), [self = shared_from_this()](const std::exception_ptr& failure) {
        if (failure) spdlog::error("A connection of {} ended with an exception", self->context_.options.name);
        self->close();
    });
}

void ClientConnection::check_deadline(SteadyPoint now) {
    if (now < deadline_) return;
    deadline_ = kNever;
    expired_ = true;
    transport_.cancel();
}

void ClientConnection::end_gently() {
    const bool has_had_its_moment = std::exchange(ends_, true);
    if (may_close_ && (has_had_its_moment || !is_new_)) close();
    stream_end_.emit(asio::cancellation_type::terminal);
}

void ClientConnection::close() {
    if (closed_) return;
    closed_ = gone_ = true;
    deadline_ = kNever;
    transport_.close();
    stream_end_.emit(asio::cancellation_type::terminal);
    listener_->forget(*this, peer_.client);
}

Task<void> ClientConnection::run() {
    deadline_ = context_.clock.steady() + limits_.header_time;
    if (!co_await transport_.handshake()) co_return;
    while (co_await serve_next()) {
    }
    if (!gone_ && co_await flush()) co_await linger();
}

Task<bool> ClientConnection::serve_next() {
    head_.method = Method::get;
    Request request;
    auto refusal = co_await receive_head();
    if (gone_) co_return false;
    request_id_ = listener_->next_request_id();
    listener_->count_request();
    if (!refusal) refusal = begin_request(request);
    if (!refusal && (head_.chunked || head_.content_length.value_or(0) > 0))
        refusal = co_await receive_body(request.body);
    if (gone_) co_return false;
    deadline_ = kNever;
    if (refusal) {
        refuse(*refusal);
        co_return false;
    }
    auto response = co_await context_.router.answer(std::move(request));
    if (closed_) co_return false;
    if (response.stream && head_.method != Method::head) {
        co_await send_stream(response);
        co_return false;
    }
    const bool keeps_open = put_answer(response);
    if (output_.size() > kLargeOutput && !co_await flush()) co_return false;
    if (!response.body.empty() && (!co_await flush() || !co_await send(response.body))) co_return false;
    co_return keeps_open;
}

Task<std::optional<Refusal>> ClientConnection::receive_head() {
    HeadEnd end(limits_);
    bool began = false, skipped_line = false;
    for (;;) {
        if (!skipped_line && input().starts_with("\r\n")) {
            // RFC 9112 2.2: one empty line before a request is forgiven.
            input_.consume(2);
            skipped_line = true;
        }
        if (auto refusal = end.look(input())) co_return refusal;
        if (end.size() > 0) break;
        if (!flush_now() && !co_await flush()) co_return std::nullopt;
        may_close_ = input().empty();
        if (may_close_ && ends_ && !is_new_) {
            gone_ = true;
            co_return std::nullopt;
        }
        if (may_close_ || !began)
            deadline_ = context_.clock.steady() + (may_close_ ? limits_.idle_time : limits_.header_time);
        began = !may_close_;
        if (may_close_ && input_.capacity() > kHeadRead) input_.shrink_to_fit();
        if (!took(co_await read(kHeadRead))) {
            gone_ = !expired_ || input().empty();
            co_return Refusal{408, "The request head took too long."};
        }
    }
    may_close_ = is_new_ = false;
    head_size_ = end.size();
    co_return read_head(input().substr(0, head_size_), head_);
}

/// What of a request is known once its head is read.
std::optional<Refusal> ClientConnection::begin_request(Request& out) {
    if (!context_.answers_host(head_.host)) return Refusal{421, "This host is not served here."};
    out.method = head_.method;
    if (auto refusal = read_target(head_.target, out)) return refusal;
    body_limit_ = limits_.body_limit(out.method, out.path);
    if (head_.content_length.value_or(0) > body_limit_) return Refusal{413, "The body is too large."};
    out.headers.reserve(head_.fields.size());
    for (const auto& [name, value] : head_.fields) out.headers.add(std::string(name), std::string(value));
    const auto origin = origin_of(head_, peer_, context_.proxies);
    out.client_ip = origin.client == peer_.client ? peer_text_ : origin.client.to_string();
    out.secure = secure_ = origin.secure;
    out.request_id = request_id_;
    input_.consume(head_size_);
    return std::nullopt;
}

Task<std::optional<Refusal>> ClientConnection::receive_body(std::string& body) {
    if (head_.expects_continue && input().empty()) output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    const auto began = context_.clock.steady();
    ChunkedBody chunks(limits_, body_limit_);
    for (;;) {
        std::string_view rest = input();
        if (head_.chunked) {
            if (auto refusal = chunks.take(rest, body)) co_return refusal;
        } else {
            const auto piece = rest.substr(0, *head_.content_length - body.size());
            body += piece;
            rest.remove_prefix(piece.size());
        }
        input_.consume(input_.size() - rest.size());
        if (head_.chunked ? chunks.done() : body.size() == *head_.content_length) co_return std::nullopt;
        if (!co_await flush()) co_return std::nullopt;
        deadline_ = next_piece_due(began, body.size());
        if (!took(co_await read(kBodyRead))) {
            gone_ = !expired_;
            co_return Refusal{408, "The body took too long."};
        }
    }
}

AnswerFacts ClientConnection::facts(bool keeps_open, bool chunked) {
    return {.date = listener_->date(),
            .request_id = request_id_,
            .secure = secure_,
            .keeps_open = keeps_open,
            .chunked = chunked};
}

/// Appends what is to be sent at once to the output and leaves the rest in the response's body. Returns whether another
/// request may follow.
bool ClientConnection::put_answer(Response& response) {
    if (!is_sendable(response)) {
        spdlog::error("An answer had a header that cannot be sent, request {}", request_id_);
        response = error_response(500, "internal", "Something went wrong on our side.");
    }
    const bool keeps_open =
        !ends_ && !head_.closes && !head_.is_1_0 && !same_ignoring_case(response.headers.get("Connection"), "close");
    append_head(output_, response, facts(keeps_open, false));
    const bool has_body = head_.method != Method::head && may_have_body(response.status);
    if (has_body && response.body.size() > kLargeOutput) return keeps_open;
    if (has_body) output_ += response.body;
    response.body.clear();
    return keeps_open;
}

Task<void> ClientConnection::send_stream(const Response& response) {
    streams_in_chunks_ = !head_.is_1_0;
    append_head(output_, response, facts(false, streams_in_chunks_));
    if (!co_await flush() || ends_) co_return;
    asio::co_spawn(transport_.executor(), watch_client(), [self = shared_from_this()](const std::exception_ptr&) {});
    const auto [failure] =
        co_await asio::co_spawn(transport_.executor(), response.stream(*this),
                                asio::bind_cancellation_slot(stream_end_.slot(), asio::as_tuple(asio::use_awaitable)));
    if (failure && !gone_ && !ends_) spdlog::info("An answer was broken off, request {}", request_id_);
    // Without its last chunk a body is seen to be cut short.
    if (!failure && streams_in_chunks_ && !gone_) output_ += "0\r\n\r\n";
}

/// Notices that the client leaves while nothing is being written to it.
Task<void> ClientConnection::watch_client() {
    while (!gone_ && took(co_await read(kHeadRead))) input_.consume(input_.size());
    gone_ = true;
    stream_end_.emit(asio::cancellation_type::terminal);
}

Task<bool> ClientConnection::write(std::string piece) {
    if (gone_ || ends_) co_return false;
    if (piece.empty()) co_return true;
    if (streams_in_chunks_) piece = fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    co_return co_await send(piece) && !ends_;
}

void ClientConnection::refuse(const Refusal& refusal) {
    listener_->count_refused();
    spdlog::debug("refused {}: {} request {}", refusal.status, refusal.message, request_id_);
    const auto response = error_response(refusal.status, code_of(refusal.status), refusal.message);
    append_head(output_, response, facts(false, false));
    if (head_.method != Method::head) output_ += response.body;
}

Task<void> ClientConnection::linger() {
    may_close_ = true;
    if (ends_) co_return;
    deadline_ = context_.clock.steady() + kLinger;
    co_await transport_.end_writing();
    while (!expired_ && !gone_ && took(co_await read(kBodyRead))) input_.consume(input_.size());
}

/// When a body that began then and has come this far must go on: soon enough for its rate, and never later than an idle
/// connection ends, as a fast beginning earns no long rest.
SteadyPoint ClientConnection::next_piece_due(SteadyPoint began, std::size_t moved) const {
    const auto at_rate = began + limits_.body_grace + std::chrono::milliseconds(moved * 1000 / limits_.body_rate);
    return std::min(at_rate, context_.clock.steady() + limits_.idle_time);
}

Task<Transport::Moved> ClientConnection::read(std::size_t at_most) {
    expired_ = false;
    return transport_.read(input_.prepare(at_most));
}

bool ClientConnection::took(const Transport::Moved& moved) {
    const auto& [error, size] = moved;
    input_.commit(size);
    return !error && !closed_;
}

/// The usual case of flush(), without a coroutine; true when nothing is left to send.
bool ClientConnection::flush_now() {
    if (output_.empty()) return true;
    const auto sent = transport_.write_now(output_);
    sent == output_.size() ? output_.clear() : void(output_.erase(0, sent));
    return output_.empty();
}

Task<bool> ClientConnection::flush() {
    if (flush_now()) co_return true;
    const bool sent = co_await send(output_);
    output_.clear();
    co_return sent;
}

/// False when the client is gone, or too slow.
Task<bool> ClientConnection::send(std::string_view bytes) {
    const auto began = context_.clock.steady();
    for (std::size_t sent = 0; sent < bytes.size();) {
        deadline_ = next_piece_due(began, sent);
        const auto [error, size] = co_await transport_.write(bytes.substr(sent));
        sent += size;
        if (error) gone_ = true;
        if (gone_) co_return false;
    }
    deadline_ = kNever;
    co_return true;
}

}  // namespace

std::shared_ptr<Connection> make_connection(asio::ip::tcp::socket socket, Origin peer,
                                            std::shared_ptr<Listener> listener) {
    return std::make_shared<ClientConnection>(std::move(socket), std::move(peer), std::move(listener));
}

}  // namespace inboxpro::http
