#include "sandbox/control/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "sandbox/control/fault_json.h"

namespace inboxpro::sandbox {
namespace {

/// A fixed number between 0 and 1 for each turn (SplitMix64).
double chance(std::uint64_t seed, std::uint64_t turn) {
    auto x = seed * 0x9e37'79b9'7f4a'7c15U + (turn + 1) * 0xbf58'476d'1ce4'e5b9U;
    x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11ebU;
    return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

/// Some kinds make sense with some calls only.
bool suits(Fault::Kind kind, std::string_view call) {
    using enum Fault::Kind;
    switch (kind) {
        case scope_lost: return !call.starts_with(".oauth2.");
        case dead_grant: return call == ".oauth2.token.";
        case history_expired: return call == ".gmail.history.list.";
        case history_lag: return call == ".gmail.history.list." || call == ".gmail.messages.list.";
        case draft_edited:
        case draft_deleted:
        case draft_sent:
        case draft_resubjected:
            return call.starts_with(".gmail.drafts.") && !call.ends_with(".list.") && !call.ends_with(".create.");
        default: return true;
    }
}

}  // namespace

std::string in_dots(std::string_view name) {
    std::string dotted = fmt::format(".{}.", name);
    if (const auto at = dotted.find(".users."); at != std::string::npos) dotted.erase(at, 6);
    return dotted;
}

struct Faults::Counted {
    Fault fault;
    std::string name;  ///< Empty: any.
    std::atomic<std::uint64_t> calls = 0;
    std::atomic<std::uint64_t> hits = 0;

    bool concerns(std::string_view call, TimePoint now) const {
        return call.contains(name) && suits(fault.kind, call) && (!fault.from || now >= *fault.from) &&
               (!fault.until || now < *fault.until);
    }
};

Faults::Faults() = default;
Faults::~Faults() = default;

void Faults::set(std::vector<Fault> faults) {
    std::vector<std::unique_ptr<Counted>> counted;
    for (auto& fault : faults) {
        counted.push_back(std::make_unique<Counted>());
        counted.back()->fault = std::move(fault);
        const auto& api = counted.back()->fault.api;
        if (!api.empty() && api != "*") counted.back()->name = in_dots(api);
    }
    const std::unique_lock lock(mutex_);
    faults_ = std::move(counted);
}

std::optional<Hit> Faults::next(std::string_view call_in_dots, TimePoint now) {
    const std::shared_lock lock(mutex_);
    std::optional<Hit> hit;
    for (auto& counted : faults_) {
        if (!counted->concerns(call_in_dots, now)) continue;
        const bool hits = chance(counted->fault.seed, counted->calls++) < counted->fault.rate;
        if (hits && !hit) hit = Hit{counted->fault, counted->hits++};
    }
    return hit;
}

boost::json::array Faults::report() const {
    const std::shared_lock lock(mutex_);
    boost::json::array list;
    for (const auto& counted : faults_) {
        auto entry = to_json(counted->fault);
        entry["calls"] = counted->calls.load();
        entry["hits"] = counted->hits.load();
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace inboxpro::sandbox
