#include "tracking/classify/agents.h"

#include <re2/set.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace inboxpro {
namespace {

constexpr std::size_t kLongest = 1024;

/// All patterns as one automaton: a user agent is read once, however long the table grows.
const RE2::Set& patterns() {
    static const auto compiled = [] {
        RE2::Options options;
        options.set_case_sensitive(false);
        options.set_encoding(RE2::Options::EncodingLatin1);
        options.set_never_capture(true);
        auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
        for (const auto& agent : agent_patterns()) set->Add({agent.pattern.data(), agent.pattern.size()}, nullptr);
        set->Compile();
        return set;
    }();
    return *compiled;
}

}  // namespace

Agent::Agent(std::string_view user_agent) : text_(user_agent.substr(0, kLongest)) {
    std::fill(std::begin(first_), std::end(first_), std::int16_t{-1});
    thread_local std::vector<int> found;
    found.clear();
    if (!patterns().Match({text_.data(), text_.size()}, &found)) return;
    for (const int index : found) {
        const auto kind = agent_patterns()[static_cast<std::size_t>(index)].kind;
        auto& first = first_[static_cast<std::size_t>(kind)];
        if (!is(kind) || index < first) first = static_cast<std::int16_t>(index);
        kinds_ |= bit(kind);
    }
}

std::string_view Agent::name_as(AgentKind kind) const {
    return is(kind) ? agent_patterns()[static_cast<std::size_t>(first_[static_cast<std::size_t>(kind)])].name : "";
}

bool Agent::is_apple_prefetch() const {
    return text_ == "Mozilla/5.0";
}

bool Agent::is_gmail_prefetch() const {
    return text_ ==
           "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 "
           "Safari/537.36 Edge/12.246 Mozilla/5.0";
}

}  // namespace inboxpro
