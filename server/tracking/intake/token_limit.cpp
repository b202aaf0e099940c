#include "tracking/intake/token_limit.h"

namespace inboxpro {
namespace {

constexpr std::chrono::hours kHour{1};

/// Which token the event came through.
std::uint64_t token_of(const Event& event) {
    Bytes key{event.message.view()};
    key.push_back(static_cast<char>(event.kind));
    append_u16(key, event.recipient.value_or(0xffff));
    append_u16(key, event.link.value_or(0xffff));
    return std::hash<std::string_view>{}(key);
}

}  // namespace

bool TokenLimit::admit(const Event& event, SteadyPoint now) {
    if (per_hour_ == 0) return true;
    if (tokens_.size() >= most_tokens_) make_room(now);
    auto& hour = tokens_.try_emplace(token_of(event), Hour{.began = now}).first->second;
    if (now - hour.began >= kHour) hour = {.began = now};
    if (hour.stored >= per_hour_) return false;
    ++hour.stored;
    return true;
}

void TokenLimit::make_room(SteadyPoint now) {
    std::erase_if(tokens_, [&](const auto& token) { return now - token.second.began >= kHour; });
    for (std::uint32_t few = 1; tokens_.size() > most_tokens_ / 2 && few <= per_hour_; few *= 2)
        std::erase_if(tokens_, [&](const auto& token) { return token.second.stored <= few; });
    if (tokens_.size() > most_tokens_ / 2) tokens_.clear();
}

}  // namespace inboxpro
