#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/mail.h"

namespace inboxpro {

enum class TransferEncoding : std::uint8_t { identity, quoted_printable, base64, other };

/// One part of a MIME message and where its bytes are. Offsets count from the start of the message.
struct MimePart {
    std::size_t headers_begin = 0;  ///< Of the first header field; an mbox "From " line stands before it.
    std::size_t headers_end = 0;    ///< Behind the last header field, before the empty line.
    std::size_t body_begin = 0;     ///< Equal to headers_end when the empty line is missing.
    std::size_t body_end = 0;       ///< The line end before a boundary belongs to the boundary.
    int depth = 1;                  ///< 1 for the message itself.
    bool in_attached_message = false;

    std::string type, subtype;  ///< In lower case; "text", "plain" when the message does not say.
    std::string charset;        ///< In lower case; empty when the message does not say.
    std::string type_name;      ///< The name that Content-Type gives it.
    TransferEncoding encoding = TransferEncoding::identity;
    std::size_t disposition_begin = 0;  ///< The value of Content-Disposition, as it stands there;
    std::size_t disposition_end = 0;    ///< both 0 when there is none.

    bool is(std::string_view wanted_type, std::string_view wanted_subtype) const {
        return type == wanted_type && subtype == wanted_subtype;
    }
};

/// What Content-Disposition says of a part.
struct Disposition {
    bool is_attachment = false;
    std::string file_name;  ///< The name that Content-Type gives, when it has none of its own.
};

/// One header field: [begin, end) with its line end, folded lines included.
struct HeaderField {
    std::size_t begin = 0;
    std::size_t value_begin = 0;  ///< Behind the colon.
    std::size_t end = 0;
    std::string_view name;
    std::string_view raw_value;  ///< As it stands there, line ends included.
};

/// All parts in the order of the message, the message itself first, multiparts and attached messages (message/rfc822)
/// included and looked into. One pass over the lines, each compared with at most `limits.depth` boundaries; no
/// recursion. What is broken is read as mail programs read it: a boundary ends whatever is open inside, a line that is
/// no header field ends the header. `invalid` with a plain sentence when a limit is crossed.
Result<std::vector<MimePart>> parts_of(BytesView message, const MailLimits& limits = {});

/// Read only when asked for: of most parts nobody wants to know, and it takes longer than all the rest of a part.
Disposition disposition_of(BytesView message, const MimePart& part);

/// The first header field in [begin, end), where a field begins; empty when there is none.
std::optional<HeaderField> next_header_field(BytesView message, std::size_t begin, std::size_t end);
/// All of them.
std::vector<HeaderField> header_fields(BytesView message, std::size_t begin, std::size_t end);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);
/// The value on one line, without outer white space.
std::string unfolded(std::string_view raw_value);

/// An ASCII letter in lower case; anything else as it is.
constexpr char lower_letter(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
}
/// ASCII letters only, as header names and charsets are compared.
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string lower_case(std::string_view text);

/// The text with each of its line ends (CRLF or LF) replaced by this one.
Bytes with_line_ends(BytesView text, std::string_view line_end);

/// The line end that the text uses first: "\r\n" or "\n"; "\r\n" when it has none.
std::string_view line_end_of(BytesView text);

}  // namespace inboxpro
