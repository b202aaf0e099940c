#include "http/server/peer_counts.h"

#include <cstring>

namespace inboxpro::http {

std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

PeerCounts::PeerCounts(Random& random) : counters_(new std::atomic<std::uint32_t>[kCounters]()) {
    std::memcpy(&key_, random.bytes(sizeof key_).data(), sizeof key_);
}

std::atomic<std::uint32_t>& PeerCounts::counter(const boost::asio::ip::address& address) {
    std::uint64_t network = 0;
    if (address.is_v4())
        network = address.to_v4().to_uint();
    else
        std::memcpy(&network, address.to_v6().to_bytes().data(), sizeof network);
    return counters_[mixed(mixed(network ^ key_) + key_) % kCounters];
}

bool PeerCounts::enter(const boost::asio::ip::address& address, std::size_t most) {
    auto& count = counter(address);
    if (count.fetch_add(1, std::memory_order_relaxed) < most) return true;
    count.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void PeerCounts::leave(const boost::asio::ip::address& address) {
    counter(address).fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace inboxpro::http
