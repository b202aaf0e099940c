#include "base/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace inboxpro {

Bytes SystemRandom::bytes(std::size_t count) {
    Bytes out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) std::abort();
    return out;
}

}  // namespace inboxpro
