#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "http/server/io_threads.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// Bounds on what a client may ask of us (security QE1-QE4). Crossing one is answered with the status given, and the
/// connection is closed.
struct Limits {
    std::size_t request_line = 8 * 1024;            ///< Bytes; 414.
    std::size_t header_block = 16 * 1024;           ///< Bytes; 431.
    std::size_t header_fields = 100;                ///< 431.
    std::size_t body = 1024 * 1024;                 ///< Bytes; 413, before the body is read.
    std::chrono::milliseconds header_time{10'000};  ///< Whole header, from its first byte; 408.
    std::chrono::milliseconds idle_time{30'000};    ///< Between requests; closed without a word.
    std::chrono::milliseconds body_grace{5'000};    ///< Then at least `body_rate` and no pause of
                                                    ///< `idle_time`; 408. Also for who reads an answer.
    std::size_t body_rate = 500;                    ///< Bytes a second.
    /// A route that takes larger bodies, such as mail with attachments. `path` without placeholders; one
    /// that ends in a slash holds for everything below.
    struct LargeBody {
        Method method;
        std::string path;
        std::size_t bytes;
    };
    std::vector<LargeBody> large_bodies = {};
    std::size_t connections = 20'000;      ///< In all; more are closed at once.
    std::size_t connections_per_ip = 512;  ///< Loopback and configured proxies are exempt.

    /// What holds for one request.
    std::size_t body_limit(Method method, std::string_view path) const;
};

struct TlsFiles {
    std::filesystem::path certificate_chain;
    std::filesystem::path private_key;
};

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";  ///< "host:port" or "[v6]:port"; port 0 takes a free one.
    std::vector<std::string> hosts;  ///< Host values that are answered ("localhost:8080"); others get 421. Empty: any.
    std::vector<std::string> trusted_proxies;  ///< Addresses or CIDR whose X-Forwarded-For and -Proto are believed.
    std::optional<TlsFiles> tls;               ///< TLS 1.2 and 1.3 only.
    Limits limits;
    std::string name;  ///< For log and metrics: "app", "tracking", "sandbox".
};

struct ServerFigures {
    std::uint64_t connections_open = 0;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;  ///< Malformed or over a limit.
};

/// One listener on all I/O threads (SO_REUSEPORT), HTTP/1.1. Requests of one connection are answered in order.
class Server {
  public:
    /// Binds at once; `unavailable` with one plain sentence when the address cannot be had, `invalid` when the
    /// certificate or an option cannot be used. `router` must outlive the server. After listening with port 0, add the
    /// real Host with answer_host().
    static Result<std::unique_ptr<Server>> listen(ServerOptions options, const Router& router, IoThreads& threads,
                                                  const Clock& clock, Random& random);
    virtual ~Server() = default;

    virtual std::uint16_t port() const = 0;
    /// Adds a Host value; only before start().
    virtual void answer_host(std::string host) = 0;
    /// Begins to accept.
    virtual void start() = 0;
    /// Stops accepting, lets running requests finish for at most `grace`, then closes what is left. Returns when all
    /// connections are closed.
    virtual void stop(std::chrono::milliseconds grace) = 0;
    virtual ServerFigures figures() const = 0;
};

}  // namespace inboxpro::http
