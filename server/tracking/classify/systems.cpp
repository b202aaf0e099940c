#include "tracking/classify/systems.h"

namespace inboxpro {
namespace {

struct Named {
    std::string_view word;
    std::string_view system;
};
/// In order: what stands above also names what stands below ("Linux; Android", "iPhone ... like Mac OS X").
constexpr Named kSystems[] = {
    {"Windows", "Windows"}, {"iPhone", "iOS"},      {"iPod", "iOS"},       {"iPad", "macOS"},  {"Android", "Android"},
    {"CrOS", "ChromeOS"},   {"Macintosh", "macOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}, {"X11", "Linux"},
};

}  // namespace

std::string_view operating_system_in(std::string_view user_agent) {
    for (const auto& [word, system] : kSystems)
        if (user_agent.contains(word)) return system;
    return {};
}

}  // namespace inboxpro
