#pragma once
#include <optional>
#include <string>

#include "base/id.h"
#include "vault/sealed_token.h"

namespace inboxpro {

/// How much of the requester's address may be kept; rides in the token, so that it holds without any look-up.
enum class AddressPolicy : std::uint8_t { full = 0, truncated = 1, none = 2 };

/// What a pixel or a tracked link says about the mail it is in. Travels sealed inside its URL: nothing is looked up to
/// answer it, and nobody else can read or make one.
struct TrackingToken {
    enum class Kind : std::uint8_t { open = 1, click = 2 };
    static constexpr std::uint16_t kAnyRecipient = 0xffff;  ///< One mail to several people: "one of them".

    Kind kind = Kind::open;
    AccountId account;
    MessageId message;
    std::uint16_t recipient = kAnyRecipient;  ///< Index into the message's recipients.
    std::uint16_t link = 0;                   ///< Click only: 0, 1, 2 ... in document order.
    AddressPolicy address_policy = AddressPolicy::truncated;
    std::string destination;  ///< Click only: an http or https URL, as it stood in the mail.

    friend bool operator==(const TrackingToken&, const TrackingToken&) = default;
};

/// The token's text, for `{origin}/o/{text}.gif` or `{origin}/c/{text}`.
std::string seal_token(const TokenSealer& sealer, const TrackingToken& token);

/// `invalid` for whatever is not a token of this kind made with our keys, or whose destination is not a plain http(s)
/// URL (control characters, backslashes and user names are refused even when sealed by us).
Result<TrackingToken> open_token(const TokenSealer& sealer, TrackingToken::Kind kind, std::string_view text);

}  // namespace inboxpro
