#pragma once
#include "tracking/token.h"

namespace inboxpro {

/// What leads a recipient from a mail to the recipients' own page. Whoever holds it may object, and have a link mailed
/// to the mail's recipient; it shows nothing.
struct PrivacyToken {
    AccountId account;
    MessageId message;
    std::uint16_t recipient = TrackingToken::kAnyRecipient;

    friend bool operator==(const PrivacyToken&, const PrivacyToken&) = default;
};
std::string seal_privacy_token(const TokenSealer& sealer, const PrivacyToken& token);
/// Also takes the text of a pixel or of a tracked link of the mail, since those are what a recipient can find in it.
/// `invalid` for anything else.
Result<PrivacyToken> open_privacy_token(const TokenSealer& sealer, std::string_view text);

/// What a mailed link proves: that whoever opens it reads this mailbox. It opens what one account holds of it.
struct MailboxProof {
    AccountId account;
    std::string address;
    TimePoint until;
};
std::string seal_mailbox_proof(const TokenSealer& sealer, const MailboxProof& proof);
/// `invalid` as above, `denied` when its time is over.
Result<MailboxProof> open_mailbox_proof(const TokenSealer& sealer, std::string_view text, TimePoint now);

}  // namespace inboxpro
