#pragma once
#include <string>
#include <utility>

#include "base/bytes.h"

namespace inboxpro {

/// Bytes that must not be seen: keys, tokens, passwords. Prints nowhere, compares in constant time, and is wiped from
/// memory when it goes. Only reveal() opens it.
class Secret {
  public:
    Secret() = default;
    explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.wipe(); }
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    /// The bytes themselves; valid as long as this object is. Never log or store what comes out.
    BytesView reveal() const { return bytes_; }
    bool empty() const { return bytes_.empty(); }
    std::size_t size() const { return bytes_.size(); }

    friend bool operator==(const Secret& a, const Secret& b) { return equal_in_constant_time(a.bytes_, b.bytes_); }

  private:
    void wipe() noexcept;
    Bytes bytes_;
};

}  // namespace inboxpro
