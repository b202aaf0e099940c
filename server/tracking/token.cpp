#include "tracking/token.h"

#include "tracking/destination.h"

namespace inboxpro {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

// First byte: two bits of address policy, two bits of how the destination begins, four bits of layout version.
constexpr std::uint8_t kLayout = 1;
enum class Scheme : std::uint8_t { as_written = 0, http = 1, https = 2 };

std::string_view purpose_of(TrackingToken::Kind kind) {
    return kind == TrackingToken::Kind::open ? "open" : "click";
}

Scheme scheme_bits_of(std::string_view destination) {
    if (destination.starts_with(kHttps)) return Scheme::https;
    return destination.starts_with(kHttp) ? Scheme::http : Scheme::as_written;
}

std::string_view text_of(Scheme scheme) {
    return scheme == Scheme::https ? kHttps : scheme == Scheme::http ? kHttp : std::string_view{};
}

Result<std::string> take_destination(std::uint8_t scheme, BytesView rest) {
    if (scheme > static_cast<std::uint8_t>(Scheme::https)) return fail(ErrorKind::invalid, "not a tracking token");
    std::string destination{text_of(static_cast<Scheme>(scheme))};
    destination += rest;
    if (objection_to_destination(destination)) return fail(ErrorKind::invalid, "not a tracking token");
    return destination;
}

Result<TrackingToken> read_token(TrackingToken::Kind kind, BytesView value) {
    if (value.empty()) return fail(ErrorKind::invalid, "not a tracking token");
    const auto front = static_cast<std::uint8_t>(value.front());
    const auto policy = static_cast<std::uint8_t>(front & 3);
    value.remove_prefix(1);
    if (front >> 4 != kLayout || policy > static_cast<std::uint8_t>(AddressPolicy::none))
        return fail(ErrorKind::invalid, "not a tracking token");
    TrackingToken token;
    token.kind = kind;
    token.address_policy = static_cast<AddressPolicy>(policy);
    token.account = TRY(AccountId::from_bytes(TRY(take_bytes(value, sizeof(RawId)))));
    token.message = TRY(MessageId::from_bytes(TRY(take_bytes(value, sizeof(RawId)))));
    token.recipient = TRY(take_u16(value));
    if (kind == TrackingToken::Kind::click) {
        token.link = TRY(take_u16(value));
        token.destination = TRY(take_destination(front >> 2 & 3, value));
    } else if (!value.empty()) {
        return fail(ErrorKind::invalid, "not a tracking token");
    }
    return token;
}

}  // namespace

std::string seal_token(const TokenSealer& sealer, const TrackingToken& token) {
    const bool click = token.kind == TrackingToken::Kind::click;
    const Scheme scheme = click ? scheme_bits_of(token.destination) : Scheme::as_written;
    Bytes value;
    value.reserve(48 + token.destination.size());
    value.push_back(
        static_cast<char>(kLayout << 4 | static_cast<int>(scheme) << 2 | static_cast<int>(token.address_policy)));
    value += token.account.view();
    value += token.message.view();
    append_u16(value, token.recipient);
    if (click) {
        append_u16(value, token.link);
        value += std::string_view{token.destination}.substr(text_of(scheme).size());
    }
    return sealer.seal(purpose_of(token.kind), value);
}

Result<TrackingToken> open_token(const TokenSealer& sealer, TrackingToken::Kind kind, std::string_view text) {
    auto token = read_token(kind, TRY(sealer.open(purpose_of(kind), text)));
    if (!token) return fail(ErrorKind::invalid, "not a tracking token");
    return token;
}

}  // namespace inboxpro
