#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace inboxpro::http {

/// Lets each key do something so often within a time that begins with the first. Bounded in memory: when very many keys
/// are busy at once, all are forgotten. Thread-safe.
class RateLimit {
  public:
    RateLimit(std::uint32_t most, std::chrono::seconds within, std::size_t most_keys = 100'000)
        : most_(most), within_(within), most_keys_(most_keys) {}

    bool admit(std::string_view key, SteadyPoint now);
    std::chrono::seconds within() const { return within_; }

  private:
    struct Span {
        SteadyPoint began;
        std::uint32_t count = 0;
    };

    const std::uint32_t most_;
    const std::chrono::seconds within_;
    const std::size_t most_keys_;
    std::mutex mutex_;
    std::unordered_map<std::string, Span> spans_;
};

}  // namespace inboxpro::http
