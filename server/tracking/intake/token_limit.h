#pragma once
#include <cstdint>
#include <unordered_map>

#include "tracking/event.h"

namespace inboxpro {

/// Lets a token store so many events within an hour of its first. Bounded in memory: when very many tokens are busy at
/// once, those with few events are forgotten first. Not thread-safe.
class TokenLimit {
  public:
    /// `per_hour` 0: no limit. `most_tokens` are remembered at a time.
    explicit TokenLimit(std::uint32_t per_hour, std::size_t most_tokens = 131'072)
        : per_hour_(per_hour), most_tokens_(most_tokens) {}

    /// Whether this event may be stored; counts it if so.
    bool admit(const Event& event, SteadyPoint now);
    std::size_t remembered() const { return tokens_.size(); }

  private:
    struct Hour {
        SteadyPoint began;
        std::uint32_t stored = 0;
    };
    void make_room(SteadyPoint now);

    std::uint32_t per_hour_;
    std::size_t most_tokens_;
    std::unordered_map<std::uint64_t, Hour> tokens_;
};

}  // namespace inboxpro
