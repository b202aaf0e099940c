#include "vault/blind_index.h"

#include <algorithm>

#include "vault/primitives.h"

namespace inboxpro {
namespace {

constexpr std::size_t kHashSize = 16;

Bytes keyed_hash(const Secret& key, BytesView salt, std::string_view scope, std::string_view kind, BytesView value) {
    std::string info{scope};
    info.append(kind);
    Bytes hash = hmac_sha256(derive_key(key, salt, info).reveal(), value);
    hash.resize(kHashSize);
    return hash;
}

}  // namespace

BlindIndex::BlindIndex(const KeySet& keys) : key_(keys.oldest_key()) {}

Bytes BlindIndex::of(AccountId account, std::string_view kind, BytesView value) const {
    return keyed_hash(key_, account.view(), "inboxpro blind index of one account: ", kind, value);
}

Bytes BlindIndex::global(std::string_view kind, BytesView value) const {
    return keyed_hash(key_, {}, "inboxpro blind index of the installation: ", kind, value);
}

std::string normalised_address(std::string_view address) {
    constexpr std::string_view kSpace = " \t\r\n\f\v";
    const auto first = address.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    std::string normalised{address.substr(first, address.find_last_not_of(kSpace) - first + 1)};
    for (char& letter : normalised)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return normalised;
}

}  // namespace inboxpro
