#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "mail/mail.h"

namespace inboxpro::sandbox::gmail {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What the header of a message says. Values are unfolded and decoded to UTF-8.
struct Envelope {
    Headers headers;
    std::vector<Mailbox> from, to, cc, bcc;
    std::string subject;
    std::string message_id;               ///< With its angle brackets.
    std::vector<std::string> references;  ///< References, then In-Reply-To; with angle brackets.

    /// The first value, or empty.
    std::string_view header(std::string_view name) const;
};

/// A message as a mailbox keeps it; never changed, so that mailboxes and the ledger share it.
struct Mail {
    Bytes raw;
    Envelope envelope;
    std::string snippet;  ///< The beginning of its text, for lists.
    std::string media_type;
    bool has_attachment = false;
};
using MailPointer = std::shared_ptr<const Mail>;

/// One part of a message, as a tree.
struct Part {
    std::string id;  ///< Gmail's: "" for the root, then "0", "1", "0.0" …
    std::string media_type;
    std::string file_name;
    std::string content_id;  ///< Without angle brackets.
    Headers headers;
    bool is_text = false;
    bool is_attachment = false;
    Bytes content;  ///< Decoded; text is UTF-8. Empty in a multipart.
    std::vector<Part> parts;
};

enum class Contents { all, text_only };

/// Never fails: what cannot be read as MIME is one text part.
Part read_parts(BytesView raw, Contents contents = Contents::all);
Envelope read_envelope(BytesView raw);
MailPointer read_mail(Bytes raw);

/// The first part below `root` that fits, depth first; null when there is none.
const Part* find_part(const Part& root, const std::function<bool(const Part&)>& fits);
/// The text that is shown for a message: its text/plain parts, else what is left of its HTML without tags.
std::string text_of(const Part& root);

/// The message without these header fields and with these in front, in the message's own line ends. No other byte
/// changes.
Bytes edit_header(BytesView raw, const std::vector<std::string_view>& remove, const Headers& add);

/// "Ada Lovelace <ada@example.org>", encoded as a header wants it (RFC 2047).
std::string header_value(const Mailbox& mailbox);

/// The value of a Date header; empty when it is none.
std::optional<TimePoint> to_time(std::string_view date_header);

/// Text as a header wants it (RFC 2047).
std::string encoded_header(const std::string& text);

/// "Re: Re: Hello" and "hello" are one conversation.
std::string conversation_subject(std::string_view subject);

}  // namespace inboxpro::sandbox::gmail
