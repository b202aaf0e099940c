#include "base/secret.h"

#include <openssl/crypto.h>

namespace inboxpro {

Secret& Secret::operator=(const Secret& other) {
    if (this == &other) return *this;
    wipe();
    bytes_ = other.bytes_;
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_ = std::move(other.bytes_);
    other.wipe();
    return *this;
}

void Secret::wipe() noexcept {
    if (bytes_.capacity() > 0) OPENSSL_cleanse(bytes_.data(), bytes_.capacity());
    bytes_.clear();
}

}  // namespace inboxpro
