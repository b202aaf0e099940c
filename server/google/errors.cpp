#include "google/errors.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <sstream>

namespace inboxpro {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::string_view kRateReasons[] = {"userRateLimitExceeded", "rateLimitExceeded",   "dailyLimitExceeded",
                                             "quotaExceeded",         "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"};
constexpr std::string_view kScopeReasons[] = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"};

struct Refusal {
    std::string reason;
    std::string message;
};

bool is_one_of(std::string_view reason, std::span<const std::string_view> reasons) {
    return std::ranges::find(reasons, reason) != reasons.end();
}

/// A reason is a word; anything else must not travel into logs.
std::string as_reason(const json::value* value) {
    if (value == nullptr || !value->is_string()) return {};
    const std::string_view text = value->get_string();
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    return text.size() <= 64 && std::ranges::all_of(text, is_word) ? std::string(text) : std::string{};
}

std::string first_reason_in(const json::object& error, std::string_view list) {
    const auto* entries = error.if_contains(list);
    if (entries == nullptr || !entries->is_array()) return {};
    for (const auto& entry : entries->get_array()) {
        if (!entry.is_object()) continue;
        if (auto reason = as_reason(entry.get_object().if_contains("reason")); !reason.empty()) return reason;
    }
    return {};
}

Refusal read_refusal(std::string_view body) {
    boost::system::error_code failure;
    const auto root = json::parse(body, failure);
    const auto* error = !failure && root.is_object() ? root.get_object().if_contains("error") : nullptr;
    if (error == nullptr || !error->is_object()) return {};
    const auto& fields = error->get_object();
    Refusal refusal{.reason = first_reason_in(fields, "errors"), .message = {}};
    if (refusal.reason.empty()) refusal.reason = first_reason_in(fields, "details");
    if (refusal.reason.empty()) refusal.reason = as_reason(fields.if_contains("status"));
    if (const auto* message = fields.if_contains("message"); message != nullptr && message->is_string())
        refusal.message = message->get_string();
    return refusal;
}

std::optional<seconds> until(std::optional<TimePoint> time, TimePoint now) {
    if (!time) return {};
    return std::max(seconds{1}, std::chrono::ceil<seconds>(*time - now));
}

std::optional<seconds> wait_in_header(std::string_view header, TimePoint now) {
    std::uint32_t count = 0;
    const auto [end, failure] = std::from_chars(header.data(), header.data() + header.size(), count);
    if (failure == std::errc{} && end == header.data() + header.size()) return seconds{count};
    std::istringstream in{std::string(header)};
    date::sys_seconds time;
    in >> date::parse("%a, %d %b %Y %T GMT", time);
    return in.fail() ? std::nullopt : until(TimePoint{time}, now);
}

std::optional<seconds> wait_in_message(std::string_view message, TimePoint now) {
    constexpr std::string_view kMarker = "Retry after ";
    const auto found = message.rfind(kMarker);
    if (found == std::string_view::npos) return {};
    const auto rest = message.substr(found + kMarker.size());
    return until(from_rfc3339(rest.substr(0, rest.find_first_of(" )\r\n"))), now);
}

Error rate_limited(std::string reason, std::string_view message, std::string_view header, TimePoint now) {
    const auto wait = std::max(wait_in_header(header, now), wait_in_message(message, now));
    return {.kind = ErrorKind::rate_limited, .detail = std::move(reason), .retry_after = wait};
}

Error plain(ErrorKind kind, std::string detail) {
    return {.kind = kind, .detail = std::move(detail)};
}

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 401:
        case 403: return ErrorKind::denied;
        case 404:
        case 410: return ErrorKind::not_found;
        case 409:
        case 412: return ErrorKind::conflict;
        case 408: return ErrorKind::unavailable;
        default: return status >= 400 && status < 500 ? ErrorKind::invalid : ErrorKind::unavailable;
    }
}

}  // namespace

Error api_error(int status, std::string_view body, std::string_view retry_after, TimePoint now) {
    const auto [reason, message] = read_refusal(body);
    const std::string named = reason.empty() ? fmt::format("status {}", status) : reason;
    if (status == 401) return plain(ErrorKind::denied, "authError");
    if (status == 429 || is_one_of(reason, kRateReasons)) return rate_limited(named, message, retry_after, now);
    if (is_one_of(reason, kScopeReasons)) return plain(ErrorKind::denied, "insufficientPermissions");
    if (reason == "backendError") return plain(ErrorKind::unavailable, reason);
    if (reason == "failedPrecondition" && message.find("Mail service not enabled") != std::string::npos)
        return plain(ErrorKind::denied, "failedPrecondition: this Google account has no Gmail");
    return plain(kind_of_status(status), named);
}

Error oauth_error(int status, std::string_view body, std::string_view retry_after, TimePoint now) {
    boost::system::error_code failure;
    const auto root = json::parse(body, failure);
    const auto* error = !failure && root.is_object() ? root.get_object().if_contains("error") : nullptr;
    const auto reason = as_reason(error);
    const std::string named = reason.empty() ? fmt::format("status {}", status) : reason;
    if (status == 429) return rate_limited(named, {}, retry_after, now);
    if (reason == "invalid_grant" || reason == "invalid_client" || reason == "unauthorized_client")
        return plain(ErrorKind::denied, named);
    return plain(kind_of_status(status), named);
}

}  // namespace inboxpro
