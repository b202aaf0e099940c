#pragma once
#include <deque>
#include <mutex>
#include <variant>

#include "base/random.h"
#include "http/server/message.h"

namespace inboxpro::sandbox {

/// Resumable uploads: one request begins (uploadType=resumable, the resource as JSON) and is told an address, others
/// PUT the media there, at once or in pieces (Content-Range). Thread-safe. Of more than kMostOpen the oldest is
/// forgotten.
class Uploads {
  public:
    static constexpr std::size_t kMostOpen = 64;
    static constexpr std::size_t kMostBytes = 36'700'160;

    explicit Uploads(Random& random) : random_(random) {}

    static bool is_resumable(const http::Request& request);
    /// An interim answer, or, with the last byte, the request that a multipart upload of the same would have been.
    std::variant<http::Response, http::Request> take(const http::Request& request, std::string_view method);

  private:
    struct Upload {
        std::string id;
        std::string method;
        std::string resource;  ///< JSON
        std::string media;
    };
    http::Response begin(const http::Request& request, std::string_view method);
    std::variant<http::Response, http::Request> go_on(const http::Request& request, Upload& upload);

    Random& random_;
    std::mutex mutex_;
    std::deque<Upload> open_;
};

}  // namespace inboxpro::sandbox
