#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace inboxpro {

/// Binary data travels in std::string; a view of it never owns.
using Bytes = std::string;
using BytesView = std::string_view;

/// RFC 4648 section 5, without padding.
std::string base64url(BytesView bytes);
/// Accepts base64url with or without padding. Empty input gives empty output. `invalid` on any other character and on
/// non-zero spare bits, so that one value has one text.
Result<Bytes> from_base64url(std::string_view text);

/// RFC 4648 section 4, with padding and no line breaks.
std::string base64(BytesView bytes);
/// Accepts RFC 4648 section 4 text; white space is skipped (MIME and PEM break lines).
Result<Bytes> from_base64(std::string_view text);

/// Lower-case hexadecimal.
std::string hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);

/// Numbers in network byte order, for keys whose byte order must be their numeric order.
void append_u16(Bytes& out, std::uint16_t value);
void append_u32(Bytes& out, std::uint32_t value);
void append_u64(Bytes& out, std::uint64_t value);
/// Read from the front of `in` and shorten it; `corrupt` when too few bytes are left.
Result<std::uint16_t> take_u16(BytesView& in);
Result<std::uint32_t> take_u32(BytesView& in);
Result<std::uint64_t> take_u64(BytesView& in);
Result<BytesView> take_bytes(BytesView& in, std::size_t count);

/// Takes the same time wherever two strings of one length differ.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace inboxpro
