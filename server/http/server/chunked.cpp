#include "http/server/chunked.h"

#include <algorithm>
#include <charconv>

#include "http/server/text.h"

namespace inboxpro::http {

namespace {

/// Eight digits of size and a little for an extension that nobody sends.
constexpr std::size_t kLongestSizeLine = 256;
constexpr Refusal kBadChunk{400, "The chunked body is malformed."};

}  // namespace

std::optional<Refusal> ChunkedBody::take(std::string_view& bytes, std::string& body) {
    while (!done() && !bytes.empty()) {
        if (next_ == Next::content) {
            const auto piece = bytes.substr(0, left_);
            body += piece;
            bytes.remove_prefix(piece.size());
            left_ -= piece.size();
            if (left_ == 0) next_ = Next::content_end;
            continue;
        }
        const auto end = bytes.find('\n');
        const auto longest = next_ == Next::trailer ? limits_->header_block : kLongestSizeLine;
        if (std::min(end, bytes.size()) > longest)
            return next_ == Next::trailer ? Refusal{431, "The trailer is too long."} : kBadChunk;
        const auto line = bytes.substr(0, end == std::string_view::npos ? end : end - (end > 0));
        const auto loose_cr = line.find('\r');
        if (loose_cr != std::string_view::npos && (end != std::string_view::npos || loose_cr + 1 != line.size()))
            return kBadChunk;
        if (next_ == Next::content_end && !line.empty() && line != "\r") return kBadChunk;
        if (end == std::string_view::npos) break;
        if (end == 0 || bytes[end - 1] != '\r') return kBadChunk;
        if (auto refusal = take_line(line, body.size())) return refusal;
        bytes.remove_prefix(end + 1);
    }
    return std::nullopt;
}

std::optional<Refusal> ChunkedBody::take_line(std::string_view line, std::size_t body_size) {
    if (next_ == Next::trailer) return take_trailer(line);
    if (next_ == Next::size) return take_size(line, body_size);
    next_ = Next::size;
    return std::nullopt;
}

std::optional<Refusal> ChunkedBody::take_size(std::string_view line, std::size_t body_size) {
    const auto digits_end = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
    const auto extension = line.substr(digits_end);
    if (digits_end == 0 || (!extension.empty() && extension.front() != ';')) return kBadChunk;
    if (std::ranges::any_of(extension, is_control)) return kBadChunk;
    const auto digits = line.substr(0, digits_end);
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), left_, 16);
    if (error != std::errc{} || left_ > body_limit_ - body_size) return Refusal{413, "The body is too large."};
    next_ = left_ == 0 ? Next::trailer : Next::content;
    return std::nullopt;
}

std::optional<Refusal> ChunkedBody::take_trailer(std::string_view line) {
    if (line.empty()) {
        next_ = Next::nothing;
        return std::nullopt;
    }
    trailer_size_ += line.size() + 2;
    if (++trailer_fields_ > limits_->header_fields || trailer_size_ > limits_->header_block)
        return Refusal{431, "The trailer is too long."};
    HeadField ignored;
    return read_field(line, ignored);
}

}  // namespace inboxpro::http
