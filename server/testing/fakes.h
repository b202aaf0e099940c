#pragma once
#include <atomic>
#include <random>

#include "base/clock.h"
#include "base/random.h"

namespace inboxpro::testing {

/// A clock that stands still until it is moved. Starts at 2026-11-23 09:00 UTC. Thread-safe.
class FakeClock final : public Clock {
  public:
    TimePoint now() const override { return from_millis(millis_.load()); }
    SteadyPoint steady() const override { return SteadyPoint{std::chrono::milliseconds{millis_.load()}}; }
    void advance(std::chrono::milliseconds by) { millis_ += by.count(); }

  private:
    std::atomic<std::int64_t> millis_ = 1'795'424'400'000;
};

/// Repeatable bytes from a seed. Not thread-safe.
class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed = 1) : generator_(seed) {}
    Bytes bytes(std::size_t count) override {
        Bytes out(count, '\0');
        for (char& byte : out) byte = static_cast<char>(generator_() & 0xff);
        return out;
    }

  private:
    std::mt19937_64 generator_;
};

}  // namespace inboxpro::testing
