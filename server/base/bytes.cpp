#include "base/bytes.h"

#include <openssl/crypto.h>

#include <array>

namespace inboxpro {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

using ReverseAlphabet = std::array<std::int8_t, 256>;

constexpr ReverseAlphabet reverse_of(std::string_view alphabet) {
    ReverseAlphabet reverse{};
    reverse.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        reverse[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return reverse;
}

constexpr ReverseAlphabet kFromStandard = reverse_of(kStandard);
constexpr ReverseAlphabet kFromUrl = reverse_of(kUrl);
constexpr ReverseAlphabet kFromHex = reverse_of(kHex);

std::string encode64(BytesView bytes, std::string_view alphabet) {
    std::string out((bytes.size() * 4 + 2) / 3, '\0');
    char* next = out.data();
    std::uint32_t pending = 0;
    int bits = 0;
    for (unsigned char byte : bytes) {
        pending = pending << 8 | byte;
        for (bits += 8; bits >= 6; bits -= 6) *next++ = alphabet[pending >> (bits - 6) & 63];
        pending &= 0xff;
    }
    if (bits > 0) *next = alphabet[pending << (6 - bits) & 63];
    return out;
}

Result<Bytes> decode64(std::string_view text, const ReverseAlphabet& reverse) {
    Bytes out(text.size() * 3 / 4, '\0');
    char* next = out.data();
    std::uint32_t pending = 0;
    int bits = 0;
    for (unsigned char character : text) {
        const int value = reverse[character];
        if (value < 0) return fail(ErrorKind::invalid, "not base64");
        pending = (pending << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *next++ = static_cast<char>(pending >> bits & 0xff);
        }
    }
    const bool spare_bits_set = (pending & ((1U << bits) - 1)) != 0;
    if (bits == 6 || spare_bits_set) return fail(ErrorKind::invalid, "not base64");
    return out;
}

std::string_view without_padding(std::string_view text) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return text;
}

template <class Number>
void append_number(Bytes& out, Number value) {
    for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xff));
}

template <class Number>
Result<Number> take_number(BytesView& in) {
    const auto bytes = TRY(take_bytes(in, sizeof(Number)));
    std::uint64_t value = 0;
    for (unsigned char byte : bytes) value = value << 8 | byte;
    return static_cast<Number>(value);
}

}  // namespace

std::string base64url(BytesView bytes) {
    return encode64(bytes, kUrl);
}
Result<Bytes> from_base64url(std::string_view text) {
    return decode64(without_padding(text), kFromUrl);
}

std::string base64(BytesView bytes) {
    std::string text = encode64(bytes, kStandard);
    while (text.size() % 4 != 0) text.push_back('=');
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    std::string packed;
    packed.reserve(text.size());
    for (char character : text)
        if (character != '\r' && character != '\n' && character != ' ' && character != '\t')
            packed.push_back(character);
    return decode64(without_padding(packed), kFromStandard);
}

std::string hex(BytesView bytes) {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char byte : bytes) {
        out.push_back(kHex[byte >> 4]);
        out.push_back(kHex[byte & 15]);
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return fail(ErrorKind::invalid, "not hexadecimal");
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = kFromHex[static_cast<unsigned char>(text[i])];
        const int low = kFromHex[static_cast<unsigned char>(text[i + 1])];
        if (high < 0 || low < 0) return fail(ErrorKind::invalid, "not hexadecimal");
        out.push_back(static_cast<char>(high << 4 | low));
    }
    return out;
}

void append_u16(Bytes& out, std::uint16_t value) {
    append_number(out, value);
}
void append_u32(Bytes& out, std::uint32_t value) {
    append_number(out, value);
}
void append_u64(Bytes& out, std::uint64_t value) {
    append_number(out, value);
}
Result<std::uint16_t> take_u16(BytesView& in) {
    return take_number<std::uint16_t>(in);
}
Result<std::uint32_t> take_u32(BytesView& in) {
    return take_number<std::uint32_t>(in);
}
Result<std::uint64_t> take_u64(BytesView& in) {
    return take_number<std::uint64_t>(in);
}

Result<BytesView> take_bytes(BytesView& in, std::size_t count) {
    if (in.size() < count) return fail(ErrorKind::corrupt, "ends too early");
    const BytesView front = in.substr(0, count);
    in.remove_prefix(count);
    return front;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace inboxpro
