#include "sandbox/control/fault_json.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "sandbox/json.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

constexpr auto kKinds = [] {
    using enum Fault::Kind;
    return std::to_array<std::pair<std::string_view, Fault::Kind>>({
        {"status", status},
        {"timeout", timeout},
        {"reset_after_effect", reset_after_effect},
        {"delay", delay},
        {"rate_limit", rate_limit},
        {"malformed", malformed},
        {"html", html},
        {"scope_lost", scope_lost},
        {"dead_grant", dead_grant},
        {"history_expired", history_expired},
        {"history_lag", history_lag},
        {"draft_edited", draft_edited},
        {"draft_deleted", draft_deleted},
        {"draft_sent", draft_sent},
        {"draft_resubjected", draft_resubjected},
    });
}();
constexpr std::chrono::seconds kTimeout{120};
constexpr double kMostSeconds = 1e9;

std::optional<double> decimal_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_number()) return {};
    return value->to_number<double>();
}

bool flag_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

Result<std::optional<TimePoint>> time_in(const json::object& from, std::string_view name, TimePoint now) {
    if (!from.contains(name)) return std::nullopt;
    if (const auto seconds = decimal_in(from, name); seconds && *seconds >= 0 && *seconds <= kMostSeconds)
        return now + std::chrono::milliseconds{static_cast<std::int64_t>(*seconds * 1000)};
    if (const auto time = from_rfc3339(text_in(from, name))) return *time;
    return fail_field(std::string(name), "A fault begins and ends at an RFC 3339 time or after a number of seconds.");
}

Result<Fault::Kind> kind_in(const json::object& from) {
    const auto name = text_in(from, "kind");
    const auto* kind = std::ranges::find(kKinds, name, &std::pair<std::string_view, Fault::Kind>::first);
    if (kind != kKinds.end()) return kind->second;
    std::string known;
    for (const auto& [other, ignored] : kKinds) known += fmt::format("{}{}", known.empty() ? "" : ", ", other);
    return fail_field("kind", fmt::format("A fault's kind is one of {}.", known));
}

Result<void> check(const Fault& fault) {
    if (fault.rate < 0 || fault.rate > 1) return fail_field("rate", "A fault's rate is from 0 to 1.");
    if (fault.status != 0 && (fault.status < 400 || fault.status > 599))
        return fail_field("status", "A fault's status is from 400 to 599.");
    if (fault.delay.count() < 0 || fault.delay > std::chrono::hours{1})
        return fail_field("delay_ms", "A fault's delay is at most an hour.");
    if (fault.kind == Fault::Kind::history_lag && fault.delay.count() == 0)
        return fail_field("delay_ms", "Say by how much the history lags.");
    return {};
}

Result<Fault> read_fault(const json::object& from, TimePoint now) {
    Fault fault{.api = text_in(from, "api"),
                .rate = decimal_in(from, "rate").value_or(1),
                .kind = TRY(kind_in(from)),
                .status = static_cast<int>(decimal_in(from, "status").value_or(0)),
                .delay = std::chrono::milliseconds{static_cast<std::int64_t>(decimal_in(from, "delay_ms").value_or(0))},
                .after_effect = flag_in(from, "after_effect"),
                .retry_after = flag_in(from, "retry_after"),
                .seed = static_cast<std::uint64_t>(std::max(0.0, decimal_in(from, "seed").value_or(0))),
                .from = TRY(time_in(from, "from", now)),
                .until = TRY(time_in(from, "until", now))};
    if (fault.kind == Fault::Kind::timeout && fault.delay.count() == 0) fault.delay = kTimeout;
    if (fault.kind == Fault::Kind::status && fault.status == 0) fault.status = 503;
    TRY(check(fault));
    return fault;
}

}  // namespace

std::string_view name_of(Fault::Kind kind) {
    return std::ranges::find(kKinds, kind, &std::pair<std::string_view, Fault::Kind>::second)->first;
}

json::object to_json(const Fault& fault) {
    json::object entry{{"api", fault.api},
                       {"rate", fault.rate},
                       {"kind", name_of(fault.kind)},
                       {"status", fault.status},
                       {"delay_ms", fault.delay.count()},
                       {"after_effect", fault.after_effect},
                       {"retry_after", fault.retry_after},
                       {"seed", fault.seed}};
    if (fault.from) entry["from"] = to_rfc3339(*fault.from);
    if (fault.until) entry["until"] = to_rfc3339(*fault.until);
    return entry;
}

Result<std::vector<Fault>> read_faults(std::string_view body, TimePoint now) {
    boost::system::error_code failure;
    const auto root = json::parse(body, failure);
    if (failure || !root.is_array()) return fail(ErrorKind::invalid, "The body is a JSON list of faults.");
    std::vector<Fault> faults;
    for (const auto& entry : root.get_array()) {
        if (!entry.is_object()) return fail(ErrorKind::invalid, "Each fault is a JSON object.");
        faults.push_back(TRY(read_fault(entry.get_object(), now)));
    }
    return faults;
}

}  // namespace inboxpro::sandbox
