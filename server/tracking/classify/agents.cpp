#include "tracking/classify/agents.h"

#include <re2/set.h>

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace inboxpro {
namespace {

constexpr std::size_t kLongest = 1024;
constexpr std::size_t kMostAgentsKnown = 512;

struct HashOfText : std::hash<std::string_view> {
    using is_transparent = void;
};

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

Agent::Said Agent::read(std::string_view text) {
    Said said;
    thread_local std::vector<int> found;
    found.clear();
    if (!patterns().Match({text.data(), text.size()}, &found)) return said;
    for (const int index : found) {
        const auto kind = agent_patterns()[static_cast<std::size_t>(index)].kind;
        auto& first = said.first[static_cast<std::size_t>(kind)];
        if ((said.kinds & bit(kind)) == 0 || index < first) first = static_cast<std::int16_t>(index);
        said.kinds |= bit(kind);
    }
    return said;
}

/// Few programs ask for nearly everything, so what the last ones say is known.
Agent::Said Agent::said_in(std::string_view text) {
    thread_local std::unordered_map<std::string, Said, HashOfText, std::equal_to<>> known;
    if (const auto found = known.find(text); found != known.end()) return found->second;
    if (known.size() == kMostAgentsKnown) known.clear();
    return known.emplace(text, read(text)).first->second;
}

Agent::Agent(std::string_view user_agent) : text_(user_agent.substr(0, kLongest)), said_(said_in(text_)) {}

std::string_view Agent::name_as(AgentKind kind) const {
    return is(kind) ? agent_patterns()[static_cast<std::size_t>(said_.first[static_cast<std::size_t>(kind)])].name : "";
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
