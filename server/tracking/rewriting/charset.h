#pragma once
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace inboxpro {

/// Whether HTML in this charset can be read byte by byte: every byte that looks like ASCII is ASCII. False for UTF-16,
/// UTF-7, ISO-2022-JP and their like. A charset that nobody knows counts as one.
bool reads_as_ascii(std::string_view charset);

/// Empty when the charset is unknown or the bytes are not in it. A byte order mark stays, as a character.
std::optional<std::string> to_utf8(BytesView text, std::string_view charset);
/// The inverse, for the same part: `sample` is what the text was made from and tells the byte order of UTF-16.
std::optional<Bytes> from_utf8(std::string_view text, std::string_view charset, BytesView sample);

}  // namespace inboxpro
