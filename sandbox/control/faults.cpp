#include "sandbox/control/faults.h"

#include <fmt/format.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "sandbox/google_error.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, Fault::Kind>, 5> kKinds = {
    {{"status", Fault::Kind::status},
     {"timeout", Fault::Kind::timeout},
     {"reset_after_effect", Fault::Kind::reset_after_effect},
     {"delay", Fault::Kind::delay},
     {"rate_limit", Fault::Kind::rate_limit}}};
constexpr std::chrono::seconds kTimeout{120};
constexpr std::chrono::milliseconds kRetryAfter{60'000};

/// A fixed number between 0 and 1 for each turn (SplitMix64).
double chance(std::uint64_t seed, std::uint64_t turn) {
    auto x = seed * 0x9e37'79b9'7f4a'7c15U + (turn + 1) * 0xbf58'476d'1ce4'e5b9U;
    x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11ebU;
    return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

/// Both without "users.", so that "gmail.drafts.send" names "gmail.users.drafts.send".
std::string in_dots(std::string_view name) {
    std::string dotted = fmt::format(".{}.", name);
    if (const auto at = dotted.find(".users."); at != std::string::npos) dotted.erase(at, 6);
    return dotted;
}

bool names(const Fault& fault, const std::string& call_in_dots) {
    return fault.api.empty() || fault.api == "*" || call_in_dots.contains(in_dots(fault.api));
}

std::optional<double> number_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_number()) return {};
    return value->to_number<double>();
}

Result<Fault> read_fault(const json::object& from) {
    const auto kind_name = text_in(from, "kind");
    const auto* kind = std::ranges::find(kKinds, kind_name, &std::pair<std::string_view, Fault::Kind>::first);
    if (kind == kKinds.end())
        return fail_field("kind", "A fault's kind is status, timeout, reset_after_effect, delay or rate_limit.");
    const auto* after = from.if_contains("after_effect");
    Fault fault{.api = text_in(from, "api"),
                .rate = number_in(from, "rate").value_or(1),
                .kind = kind->second,
                .status = static_cast<int>(number_in(from, "status").value_or(0)),
                .delay = std::chrono::milliseconds{static_cast<std::int64_t>(number_in(from, "delay_ms").value_or(0))},
                .after_effect = after != nullptr && after->is_bool() && after->get_bool(),
                .seed = static_cast<std::uint64_t>(std::max(0.0, number_in(from, "seed").value_or(0)))};
    if (fault.kind == Fault::Kind::timeout && fault.delay.count() == 0) fault.delay = kTimeout;
    if (fault.kind == Fault::Kind::status && fault.status == 0) fault.status = 503;
    if (fault.rate < 0 || fault.rate > 1) return fail_field("rate", "A fault's rate is from 0 to 1.");
    if (fault.status != 0 && (fault.status < 400 || fault.status > 599))
        return fail_field("status", "A fault's status is from 400 to 599.");
    if (fault.delay.count() < 0 || fault.delay > std::chrono::hours{1})
        return fail_field("delay_ms", "A fault's delay is at most an hour.");
    return fault;
}

json::object to_json(const Fault& fault) {
    const auto* kind = std::ranges::find(kKinds, fault.kind, &std::pair<std::string_view, Fault::Kind>::second);
    return {{"api", fault.api},
            {"rate", fault.rate},
            {"kind", kind->first},
            {"status", fault.status},
            {"delay_ms", fault.delay.count()},
            {"after_effect", fault.after_effect},
            {"seed", fault.seed}};
}

}  // namespace

struct Faults::Counted {
    Fault fault;
    std::atomic<std::uint64_t> calls = 0;
    std::atomic<std::uint64_t> hits = 0;
};

Faults::Faults() = default;
Faults::~Faults() = default;

void Faults::set(std::vector<Fault> faults) {
    std::vector<std::unique_ptr<Counted>> counted;
    for (auto& fault : faults) {
        counted.push_back(std::make_unique<Counted>());
        counted.back()->fault = std::move(fault);
    }
    const std::unique_lock lock(mutex_);
    faults_ = std::move(counted);
}

std::optional<Hit> Faults::next(std::string_view call) {
    const std::shared_lock lock(mutex_);
    if (faults_.empty()) return {};
    std::optional<Hit> hit;
    const auto name = in_dots(call);
    for (auto& counted : faults_) {
        if (!names(counted->fault, name)) continue;
        const bool hits = chance(counted->fault.seed, counted->calls++) < counted->fault.rate;
        if (hits && !hit) hit = Hit{counted->fault, counted->hits++};
    }
    return hit;
}

json::array Faults::report() const {
    const std::shared_lock lock(mutex_);
    json::array list;
    for (const auto& counted : faults_) {
        auto entry = to_json(counted->fault);
        entry["calls"] = counted->calls.load();
        entry["hits"] = counted->hits.load();
        list.push_back(std::move(entry));
    }
    return list;
}

Result<std::vector<Fault>> read_faults(std::string_view body) {
    boost::system::error_code failure;
    const auto root = json::parse(body, failure);
    if (failure || !root.is_array()) return fail(ErrorKind::invalid, "The body is a JSON list of faults.");
    std::vector<Fault> faults;
    for (const auto& entry : root.get_array()) {
        if (!entry.is_object()) return fail(ErrorKind::invalid, "Each fault is a JSON object.");
        faults.push_back(TRY(read_fault(entry.get_object())));
    }
    return faults;
}

http::Response failure(const Hit& hit, TimePoint now) {
    if (hit.fault.kind == Fault::Kind::rate_limit) {
        const auto wait = hit.fault.delay.count() > 0 ? hit.fault.delay : kRetryAfter;
        const int status = hit.fault.status != 0 ? hit.fault.status : hit.number % 2 == 0 ? 429 : 403;
        const auto* reason = status == 403 ? "userRateLimitExceeded" : "rateLimitExceeded";
        return to_response(refusal::rate_limited(status, reason, now + wait).error());
    }
    if (hit.fault.status == 401) return to_response(refusal::invalid_credentials().error());
    if (hit.fault.status == 404) return to_response(refusal::not_found().error());
    const bool ours = hit.fault.status >= 500;
    return to_response(GoogleError{.code = hit.fault.status,
                                   .reason = ours ? "backendError" : "badRequest",
                                   .message = ours ? "Backend Error" : "Bad Request"});
}

}  // namespace inboxpro::sandbox
