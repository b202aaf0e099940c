#include "vault/sealed_token.h"

#include "vault/primitives.h"

namespace inboxpro {
namespace {

constexpr char kTokenFormat = 1;
constexpr std::size_t kTokenHeaderSize = 1 + 2;
constexpr std::size_t kSivKeySize = 64;

Bytes associated_data(BytesView header, std::string_view purpose) {
    Bytes data;
    data.reserve(header.size() + purpose.size());
    data.append(header).append(purpose);
    return data;
}

KeyVersion version_in(BytesView header) {
    header.remove_prefix(1);
    return take_u16(header).value_or(0);
}

}  // namespace

TokenSealer::TokenSealer(const KeySet& keys) {
    for (const auto& [version, key] : keys) {
        const auto siv_key = derive_key(key, {}, "inboxpro sealed token, AES-256-SIV", kSivKeySize);
        siv_keys_.emplace(version, std::make_shared<const SivKey>(siv_key.reveal()));
    }
}

std::string TokenSealer::seal(std::string_view purpose, BytesView value) const {
    const auto& [version, key] = *siv_keys_.rbegin();
    Bytes sealed;
    sealed.reserve(kTokenHeaderSize + kTagSize + value.size());
    sealed.push_back(kTokenFormat);
    append_u16(sealed, static_cast<std::uint16_t>(version));
    const Bytes associated = associated_data(sealed, purpose);
    key->append_sealed(sealed, associated, value);
    return base64url(sealed);
}

Result<Bytes> TokenSealer::open(std::string_view purpose, std::string_view token) const {
    // What cannot be a token is opened all the same, as another text, so that the time taken tells nothing.
    auto decoded = from_base64url(token);
    const bool has_size = decoded && decoded->size() > kTokenHeaderSize + kTagSize;
    const Bytes sealed =
        has_size ? std::move(*decoded) : Bytes(std::max(token.size(), kTokenHeaderSize + kTagSize + 1), 0);
    const BytesView header = BytesView{sealed}.substr(0, kTokenHeaderSize);
    const auto found = siv_keys_.find(version_in(header));
    const auto& key = found == siv_keys_.end() ? siv_keys_.rbegin()->second : found->second;
    auto value = key->opened(associated_data(header, purpose), BytesView{sealed}.substr(kTokenHeaderSize));
    const bool is_ours = has_size && header[0] == kTokenFormat && found != siv_keys_.end() && !token.ends_with('=');
    if (!value || !is_ours) return fail(ErrorKind::invalid, "This is not a token of ours.");
    return std::move(*value);
}

}  // namespace inboxpro
