#include "base/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>

namespace inboxpro {

namespace {

void fill(char* bytes, std::size_t count) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes), static_cast<int>(count)) != 1) std::abort();
}

/// Bytes of one thread that nobody has been given: a few cost OpenSSL as much as many.
struct Supply {
    std::array<char, 512> bytes;
    std::size_t left = 0;
    ~Supply() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

    void give(Bytes& out) {
        if (left < out.size()) {
            fill(bytes.data(), bytes.size());
            left = bytes.size();
        }
        left -= out.size();
        out.assign(bytes.data() + left, out.size());
        OPENSSL_cleanse(bytes.data() + left, out.size());
    }
};

}  // namespace

Bytes SystemRandom::bytes(std::size_t count) {
    thread_local Supply supply;
    Bytes out(count, '\0');
    if (count <= supply.bytes.size() / 8)
        supply.give(out);
    else
        fill(out.data(), count);
    return out;
}

}  // namespace inboxpro
