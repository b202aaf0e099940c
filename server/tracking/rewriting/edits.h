#pragma once
#include <string>
#include <vector>

#include "base/bytes.h"
#include "mail/structure.h"

namespace inboxpro {

/// Replaces `length` bytes at `offset` by `text`. A list of them is in ascending order and does not overlap.
struct Edit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string text;
};

Bytes applied(BytesView text, const std::vector<Edit>& edits);

/// The one edit that makes `to` out of `from`, as short as it can be; none when they are equal.
std::vector<Edit> difference(BytesView from, BytesView to);

/// What a part's body says once its transfer encoding is taken off. What is no valid code stands for itself.
Bytes decoded_body(BytesView body, TransferEncoding encoding);

/// Edits of the decoded body as edits of the body as it stands in the message. Quoted-printable and unencoded bodies
/// change only there; base64 is written anew with the line length and line ends it had.
std::vector<Edit> encoded_edits(BytesView body, TransferEncoding encoding, const std::vector<Edit>& edits,
                                std::string_view line_end);

/// Whether these edits leave every line that they touch within the 998 bytes that mail allows (RFC 5322 section 2.1.1).
bool lines_stay_short(BytesView body, const std::vector<Edit>& edits);

/// The text in quoted-printable, its line ends as they are.
Bytes in_quoted_printable(BytesView text, std::string_view line_end);

}  // namespace inboxpro
