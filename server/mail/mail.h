#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"

namespace inboxpro {

struct Mailbox {
    std::string name;  ///< Display name in UTF-8, may be empty.
    std::string address;
};

struct Attachment {
    std::string file_name;
    std::string media_type;  ///< "application/pdf"; empty: application/octet-stream.
    Bytes content;
};

/// A mail as a person writes it.
struct Mail {
    Mailbox from;
    std::vector<Mailbox> to, cc, bcc;
    std::string subject;
    std::string html;  ///< Empty: a text-only mail.
    std::string text;  ///< Empty with html: made from the HTML.
    std::vector<Attachment> attachments;
    std::vector<std::pair<std::string, std::string>> headers;  ///< In-Reply-To, References and our own.
};

/// What the envelope needs to know of a mail that came whole (`raw`).
struct MailHead {
    std::vector<Mailbox> from, to, cc, bcc;
    std::string message_id;
};

/// Bounds on a mail (security QF3); crossing one is `invalid` with a plain sentence.
struct MailLimits {
    std::size_t bytes = 25 * 1024 * 1024;
    std::size_t header_bytes = 64 * 1024;
    int depth = 20;
    int parts = 500;
    int recipients = 500;
};

/// An RFC 5322 message with CRLF line ends. `invalid` naming the field ("to", "subject" ...) for CR, LF or NUL in a
/// header value, an address that is none, no recipient at all, or a crossed limit.
Result<Bytes> compose(const Mail& mail, TimePoint date, Random& random, const MailLimits& limits = {});

/// Checks limits and structure of a whole message without changing it, and reads its envelope.
Result<MailHead> read_head(BytesView raw, const MailLimits& limits = {});

/// The same message with these header fields in front; CR, LF or NUL in a value is `invalid`. Existing fields of the
/// same names are removed. Line ends become CRLF throughout only if the message mixes them.
Result<Bytes> with_headers(BytesView raw, const std::vector<std::pair<std::string, std::string>>& headers);

/// A mailbox from one text, "Ada <ada@example.org>" or "ada@example.org"; `invalid` when it is not exactly one.
Result<Mailbox> parse_mailbox(std::string_view text);

}  // namespace inboxpro
