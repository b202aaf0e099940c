#include "vault/sealing.h"

#include "vault/primitives.h"

namespace inboxpro {
namespace {

constexpr char kRecordFormat = 1;
constexpr char kAesGcm = 1;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kRecordHeaderSize = 1 + 1 + 4;

Bytes associated_data(BytesView header, const SealContext& context) {
    Bytes data;
    data.reserve(header.size() + 2 + context.collection.size() + 32);
    data.append(header);
    append_u16(data, static_cast<std::uint16_t>(context.collection.size()));
    data.append(context.collection).append(context.record.view()).append(context.account.view());
    return data;
}

}  // namespace

Bytes seal(const Secret& key, KeyVersion version, const SealContext& context, BytesView plain, Random& random) {
    const Bytes nonce = random.bytes(kNonceSize);
    Bytes sealed;
    sealed.reserve(plain.size() + kSealOverhead);
    sealed.push_back(kRecordFormat);
    sealed.push_back(kAesGcm);
    append_u32(sealed, version);
    const Bytes associated = associated_data(sealed, context);
    sealed.append(nonce);
    append_gcm_sealed(sealed, key.reveal(), nonce, associated, plain);
    return sealed;
}

Result<Bytes> open(const Secret& key, const SealContext& context, BytesView sealed) {
    TRY(key_version_of(sealed));
    const BytesView header = sealed.substr(0, kRecordHeaderSize);
    const BytesView nonce = sealed.substr(kRecordHeaderSize, kNonceSize);
    auto plain = gcm_opened(key.reveal(), nonce, associated_data(header, context),
                            sealed.substr(kRecordHeaderSize + kNonceSize));
    if (!plain) return fail(ErrorKind::corrupt, "A sealed record does not open with its key in its place.");
    return std::move(*plain);
}

Result<KeyVersion> key_version_of(BytesView sealed) {
    if (sealed.size() < kSealOverhead) return fail(ErrorKind::corrupt, "A sealed record is too short.");
    if (sealed[0] != kRecordFormat)
        return fail(ErrorKind::corrupt, "A sealed record has a format that is not known here.");
    if (sealed[1] != kAesGcm)
        return fail(ErrorKind::corrupt, "A sealed record has an algorithm that is not known here.");
    sealed.remove_prefix(2);
    return take_u32(sealed);
}

}  // namespace inboxpro
