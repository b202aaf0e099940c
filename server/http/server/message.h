#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/task.h"

namespace inboxpro::http {

enum class Method { get, head, post, put, patch, del, options };
std::string_view name_of(Method method);

/// Header fields in the order they came; names compare without case.
class Fields {
  public:
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
    void set(std::string_view name, std::string value);
    /// The first value, or empty when there is none.
    std::string_view get(std::string_view name) const;
    bool has(std::string_view name) const;
    void reserve(std::size_t count) { fields_.reserve(count); }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// One request that already passed the server's limits and syntax checks.
struct Request {
    Method method = Method::get;
    std::string target;  ///< As it came: "/a%20b?x=1".
    std::string path;    ///< Decoded path; never holds "..", NUL or an empty first segment.
    std::vector<std::pair<std::string, std::string>> query;  ///< Decoded, in order.
    std::vector<std::string> path_values;  ///< What the route's {placeholders} matched, in order; decoded.
    Fields headers;
    std::string body;
    std::string client_ip;   ///< The peer's, or what a configured proxy says; no port.
    std::string request_id;  ///< Ours, also sent back as X-Request-Id.
    bool secure = false;     ///< Came over TLS, here or at a configured proxy.

    /// First value of a query parameter; empty optional when absent.
    std::optional<std::string_view> query_value(std::string_view name) const;
    /// The value of a cookie; empty when absent.
    std::string_view cookie(std::string_view name) const;
};

/// Sends a body piece by piece (server-sent events). write() returns false once the client is gone or the server is
/// stopping; then end. Whatever else the stream waits for at that moment is cancelled: the wait throws
/// boost::system::system_error, which may be left to pass.
class BodyStream {
  public:
    virtual ~BodyStream() = default;
    virtual Task<bool> write(std::string piece) = 0;
};

struct Response {
    int status = 200;
    Fields headers;
    std::string body;
    /// When set, called after the headers are out; the body above is then ignored. The connection ends with the stream.
    std::function<Task<void>(BodyStream&)> stream = {};

    static Response text(int status, std::string body);
    static Response html(int status, std::string body);
    static Response json(int status, std::string body);
    static Response redirect(int status, std::string location);
};

using Handler = std::function<Task<Response>(Request)>;
/// What a handler returns that need not wait for its answer.
Task<Response> at_once(Response response);

/// Which handler answers which method and path. Built before the server starts, then only read.
/// A path is literal segments, `{name}` for one segment, `{name}.ext` for one segment with that ending, and `{name*}`
/// at the end for all the rest, which may be empty. Literal beats placeholder. An unknown path is 404, a known path
/// with another method 405 with Allow. HEAD is answered by the GET route (the server leaves the body out), OPTIONS with
/// Allow.
class Router {
  public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Throws std::logic_error when the path is misspelt or the route is there already.
    void add(Method method, std::string_view path, Handler handler);
    /// Answers whatever no route knows, instead of 404.
    void otherwise(Handler handler);
    /// Runs the handler; an exception or an unknown route becomes a generic answer with the request id.
    Task<Response> answer(Request request) const;
    /// Every route, as "GET /path", for tests that must visit all.
    std::vector<std::string> routes() const;

  private:
    struct Route;
    struct Node;
    std::unique_ptr<Node> root_;
    std::unique_ptr<Route> otherwise_;
    std::vector<std::string> routes_;
};

/// {"error":{"code","message","field"?}} with the status that belongs to the kind of error: the one place where kinds
/// become statuses. not_found 404, conflict 409, invalid 400 (422 when it names a field), denied 403,
/// rate_limited 429 with Retry-After, unavailable 503, corrupt 500 (with a generic message).
Response error_response(const Error& error);
/// The same body with a status and code of the caller's.
Response error_response(int status, std::string_view code, std::string_view message);

}  // namespace inboxpro::http
