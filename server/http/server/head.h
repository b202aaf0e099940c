#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "http/server/message.h"
#include "http/server/server.h"

namespace inboxpro::http {

/// Why a request is not served. It is answered with this, and the connection is closed.
struct Refusal {
    int status;
    std::string_view message;
};

struct HeadField {
    std::string_view name;
    std::string_view value;
};

/// A request head that keeps every rule of RFC 9112 whose breach could make two readers see different requests: no bare
/// CR or LF, no folded line, no space before a colon, no doubt about where the body ends. The views point into the
/// bytes that were parsed.
struct RequestHead {
    Method method = Method::get;
    std::string_view target;  ///< Path and query, or "*".
    std::string_view host;    ///< Empty only with HTTP/1.0.
    std::vector<HeadField> fields;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool expects_continue = false;
    bool is_1_0 = false;
    bool closes = false;  ///< The client wants the connection to end after the answer.
};

/// Finds the end of a head in bytes that arrive piece by piece, and refuses what cannot become a head as early as it
/// can be seen.
class HeadEnd {
  public:
    explicit HeadEnd(const Limits& limits) : limits_(&limits) {}
    /// `bytes` is all that came so far, from the first byte of the request line. Then size() is that of the whole
    /// head, or 0 when more is needed.
    std::optional<Refusal> look(std::string_view bytes);
    std::size_t size() const { return size_; }

  private:
    std::optional<Refusal> look_at_unfinished(std::string_view bytes);

    const Limits* limits_;
    std::size_t line_ = 0;    ///< Where the unfinished line begins.
    std::size_t looked_ = 0;  ///< What of it was looked at.
    std::size_t lines_ = 0;   ///< Finished ones.
    bool request_line_read_ = false;
    std::size_t size_ = 0;
};

/// Reads a whole head, as HeadEnd found it. `out` may be one that was used before.
std::optional<Refusal> read_head(std::string_view bytes, RequestHead& out);

/// Reads one "name: value" line without its end; also used for trailers.
std::optional<Refusal> read_field(std::string_view line, HeadField& out);

/// Fills target, path and query.
std::optional<Refusal> read_target(std::string_view target, Request& out);

}  // namespace inboxpro::http
