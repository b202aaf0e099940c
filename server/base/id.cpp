#include "base/id.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kTextLength = 26;

}  // namespace

RawId RawId::make(TimePoint now, Random& random) {
    RawId id;
    const auto millis = static_cast<std::uint64_t>(to_millis(now));
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
    const Bytes rest = random.bytes(10);
    std::copy(rest.begin(), rest.end(), id.bytes.begin() + 6);
    return id;
}

Result<RawId> RawId::from_bytes(BytesView bytes) {
    RawId id;
    if (bytes.size() != id.bytes.size()) return fail(ErrorKind::corrupt, "an id must have 16 bytes");
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
}

std::string RawId::text() const {
    // 128 bits in 26 characters of 5: the first character carries the top 3 bits.
    std::string out(kTextLength, '0');
    for (std::size_t i = 0; i < kTextLength; ++i) {
        unsigned value = 0;
        for (std::size_t bit = 0; bit < 5; ++bit) {
            const std::size_t position = i * 5 + bit;
            const unsigned set = position < 2 ? 0 : bytes[(position - 2) / 8] >> (7 - (position - 2) % 8) & 1U;
            value = value << 1 | set;
        }
        out[i] = kAlphabet[value];
    }
    return out;
}

Result<RawId> RawId::parse(std::string_view text) {
    if (text.size() != kTextLength || text.front() > '7') return fail(ErrorKind::invalid, "not an id");
    RawId id;
    for (std::size_t i = 0; i < kTextLength; ++i) {
        const auto value = kAlphabet.find(text[i]);
        if (value == std::string_view::npos) return fail(ErrorKind::invalid, "not an id");
        for (std::size_t bit = 0; bit < 5; ++bit) {
            const std::size_t position = i * 5 + bit;
            if (position < 2 || (value >> (4 - bit) & 1U) == 0) continue;
            id.bytes[(position - 2) / 8] |= static_cast<std::uint8_t>(1U << (7 - (position - 2) % 8));
        }
    }
    return id;
}

TimePoint RawId::made_at() const {
    std::uint64_t millis = 0;
    for (std::size_t i = 0; i < 6; ++i) millis = millis << 8 | bytes[i];
    return from_millis(static_cast<std::int64_t>(millis));
}

}  // namespace inboxpro
