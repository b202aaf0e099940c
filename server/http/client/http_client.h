#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/task.h"

namespace inboxpro {

struct HttpCall {
    std::string method = "GET";
    std::string url;
    std::vector<std::string> headers = {};  ///< "Name: value"
    Bytes body = {};                        ///< Sent with POST, PUT and PATCH.
    std::chrono::milliseconds deadline{30'000};
    std::size_t answer_limit = 4 * 1024 * 1024;  ///< Bytes of body.
};

struct HttpAnswer {
    int status = 0;
    Bytes body;
    std::string cache_control;
    std::string retry_after;
    std::string date;  ///< The other machine's clock, as an HTTP date.
};

/// HTTP calls to other machines, over libcurl, all on one thread of its own with connections kept for the next call:
/// HTTP/2 where the other side speaks it, many calls on one connection, and at most kMostConnections to one host; what
/// is more waits within its deadline. A POST goes out exactly once, on a new connection; other methods may be repeated
/// when a kept connection turns out dead.
/// Certificates are always verified; a redirect is an answer and is not followed; a proxy comes from the environment,
/// except for plain http. Thread-safe. Must go before the loops that await its calls; calls that are open then fail.
class HttpClient {
  public:
    static constexpr long kMostConnections = 64;

    HttpClient();
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Any answer, whatever its status. `unavailable` when none came whole before the deadline or within the limit: the
    /// effect is unknown then. Bodies and headers never reach an error text. When the awaiting coroutine is cancelled,
    /// the call is dropped at once.
    Task<Result<HttpAnswer>> call(HttpCall call);

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace inboxpro
