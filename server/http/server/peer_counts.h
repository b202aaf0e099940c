#pragma once
#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <memory>

#include "base/random.h"

namespace inboxpro::http {

/// How many connections each address has open (an IPv6 client is its /64), in bounded memory and without a lock.
/// Addresses share a counter when their hashes meet, which nobody outside can arrange: the hash has a random key.
class PeerCounts {
  public:
    explicit PeerCounts(Random& random);
    /// Counts one more, unless there are `most` already.
    bool enter(const boost::asio::ip::address& address, std::size_t most);
    void leave(const boost::asio::ip::address& address);

  private:
    static constexpr std::size_t kCounters = 1 << 14;
    std::atomic<std::uint32_t>& counter(const boost::asio::ip::address& address);

    std::uint64_t key_;
    std::unique_ptr<std::atomic<std::uint32_t>[]> counters_;
};

/// Spreads a number over all 64 bits, one to one (splitmix64).
std::uint64_t mixed(std::uint64_t value);

}  // namespace inboxpro::http
