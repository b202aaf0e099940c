#pragma once
#include <cstddef>

#include "base/bytes.h"

namespace inboxpro {

/// The door to randomness. Thread-safe.
class Random {
  public:
    virtual ~Random() = default;
    /// `count` bytes that nobody can guess.
    virtual Bytes bytes(std::size_t count) = 0;
};

/// The operating system's generator, through OpenSSL. Ends the process when the system has no randomness to give:
/// nothing here could go on safely.
class SystemRandom final : public Random {
  public:
    Bytes bytes(std::size_t count) override;
};

}  // namespace inboxpro
