#pragma once
#include <string>

#include "http/server/head.h"

namespace inboxpro::http {

/// A request body in chunks (RFC 9112 7.1), read piece by piece. Extensions and trailers are checked and thrown away.
class ChunkedBody {
  public:
    ChunkedBody(const Limits& limits, std::size_t body_limit) : limits_(&limits), body_limit_(body_limit) {}
    /// Takes what it can from the front of `bytes`, shortens it and appends the content to `body`. `bytes` comes back
    /// with an unfinished line at most, or, once done(), with what follows the body.
    std::optional<Refusal> take(std::string_view& bytes, std::string& body);
    bool done() const { return next_ == Next::nothing; }

  private:
    enum class Next { size, content, content_end, trailer, nothing };
    std::optional<Refusal> take_line(std::string_view line, std::size_t body_size);
    std::optional<Refusal> take_size(std::string_view line, std::size_t body_size);
    std::optional<Refusal> take_trailer(std::string_view line);

    const Limits* limits_;
    std::size_t body_limit_;
    Next next_ = Next::size;
    std::size_t left_ = 0;  ///< Of the chunk's content.
    std::size_t trailer_fields_ = 0;
    std::size_t trailer_size_ = 0;
};

}  // namespace inboxpro::http
