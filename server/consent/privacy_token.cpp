#include "consent/privacy_token.h"

namespace inboxpro {
namespace {

constexpr std::string_view kPrivacy = "privacy";
constexpr std::string_view kMailbox = "mailbox";
constexpr char kLayout = 1;

std::unexpected<Error> no_token() {
    return fail(ErrorKind::invalid, "not a token of this page");
}

Result<BytesView> content_of(const Bytes& value) {
    if (value.empty() || value.front() != kLayout) return no_token();
    return BytesView{value}.substr(1);
}

}  // namespace

std::string seal_privacy_token(const TokenSealer& sealer, const PrivacyToken& token) {
    Bytes value{kLayout};
    value += token.account.view();
    value += token.message.view();
    append_u16(value, token.recipient);
    return sealer.seal(kPrivacy, value);
}

Result<PrivacyToken> open_privacy_token(const TokenSealer& sealer, std::string_view text) {
    for (const auto kind : {TrackingToken::Kind::open, TrackingToken::Kind::click})
        if (const auto token = open_token(sealer, kind, text))
            return PrivacyToken{.account = token->account, .message = token->message, .recipient = token->recipient};
    const auto value = TRY(sealer.open(kPrivacy, text));
    auto content = TRY(content_of(value));
    PrivacyToken token;
    token.account = TRY(AccountId::from_bytes(TRY(take_bytes(content, sizeof(RawId)))));
    token.message = TRY(MessageId::from_bytes(TRY(take_bytes(content, sizeof(RawId)))));
    token.recipient = TRY(take_u16(content));
    if (!content.empty()) return no_token();
    return token;
}

std::string seal_mailbox_proof(const TokenSealer& sealer, const MailboxProof& proof) {
    Bytes value{kLayout};
    value += proof.account.view();
    append_u64(value, static_cast<std::uint64_t>(to_millis(proof.until)));
    value += proof.address;
    return sealer.seal(kMailbox, value);
}

Result<MailboxProof> open_mailbox_proof(const TokenSealer& sealer, std::string_view text, TimePoint now) {
    const auto value = TRY(sealer.open(kMailbox, text));
    auto content = TRY(content_of(value));
    MailboxProof proof;
    proof.account = TRY(AccountId::from_bytes(TRY(take_bytes(content, sizeof(RawId)))));
    proof.until = from_millis(static_cast<std::int64_t>(TRY(take_u64(content))));
    proof.address = content;
    if (now >= proof.until) return fail(ErrorKind::denied, "the time of this link is over");
    return proof;
}

}  // namespace inboxpro
