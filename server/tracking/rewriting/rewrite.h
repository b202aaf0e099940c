#pragma once
#include <string>
#include <vector>

#include "tracking/messages.h"
#include "tracking/token.h"

namespace inboxpro {

struct RewriteOptions {
    std::string origin;  ///< Of the tracking host, without a slash at the end.
    AccountId account;
    MessageId message;
    std::uint16_t recipient = TrackingToken::kAnyRecipient;
    AddressPolicy address_policy = AddressPolicy::truncated;
    TrackSwitches track;
    bool leave_links_that_show_their_url = true;  ///< A rewritten "https://bank.example" looks like phishing.
    /// HTML in ASCII for the end of the body of a tracked mail; an account that shows its recipients the way to object.
    std::string note = {};
};

struct Rewritten {
    struct Skipped {
        std::string href;
        /// own_link, shows_its_url, too_many, or a word of objection_to_destination() in tracking/destination.h.
        std::string why;
    };

    Bytes content;  ///< The whole mail or HTML; equal to the input when nothing is tracked.
    int links = 0;  ///< Rewritten ones.
    std::vector<Skipped> skipped;
    bool pixel = false;
    bool tracked = false;
    /// When not tracked: switched_off, signed_or_encrypted, no_html, too_intricate (see HtmlTree), nothing_to_track
    /// (clicks only, and no link).
    std::string why_not;
};

/// Replaces link targets in place and adds one image, and `note`, at the end of the body. No other byte changes. Pixels
/// and links of this origin in quoted text are taken back to what they were. Links in document order get numbers 0, 1,
/// 2 ...
Result<Rewritten> rewrite_html(std::string_view html, const TokenSealer& sealer, const RewriteOptions& options);

/// The same for the text/html parts of a MIME message that are neither attachments nor inside an attached message, in
/// the part's own charset and transfer encoding. Header fields, other parts and line ends stay byte for byte. A signed
/// or encrypted mail and one without HTML stays as it is. Broken MIME is rewritten where it can be understood, else
/// left alone. A part whose lines would grow beyond the 998 bytes of RFC 5322 becomes quoted-printable: its
/// Content-Transfer-Encoding changes, what it says does not. `invalid` when the mail is over a limit of MailLimits.
Result<Rewritten> rewrite_mail(BytesView raw, const TokenSealer& sealer, const RewriteOptions& options);

}  // namespace inboxpro
