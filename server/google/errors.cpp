#include "google/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <span>

#include "google/http_date.h"

namespace inboxpro {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::string_view kRateReasons[] = {"userRateLimitExceeded", "rateLimitExceeded", "RATE_LIMIT_EXCEEDED",
                                             "RESOURCE_EXHAUSTED"};
constexpr std::string_view kLongReasons[] = {"dailyLimitExceeded", "quotaExceeded"};
constexpr std::string_view kScopeReasons[] = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"};
constexpr std::string_view kApiOffReasons[] = {"accessNotConfigured", "SERVICE_DISABLED"};
constexpr std::string_view kTokenReasons[] = {"EXPIRED_SYNC_TOKEN"};
/// What a used-up day or week asks for when Google names no time.
constexpr seconds kLongWait = std::chrono::hours{2};

struct Refusal {
    std::vector<std::string> reasons;  ///< The most telling first; empty when this is no refusal of Google's.
    std::string message;
    bool is_googles = false;

    /// The first of these that Google gave.
    std::string_view one_of(std::span<const std::string_view> wanted) const {
        const auto found = std::ranges::find_first_of(reasons, wanted);
        return found == reasons.end() ? std::string_view{} : *found;
    }
};

/// A reason is a word; anything else must not travel into logs.
std::string as_reason(const json::value* value) {
    if (value == nullptr || !value->is_string()) return {};
    const std::string_view text = value->get_string();
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    return text.size() <= 64 && std::ranges::all_of(text, is_word) ? std::string(text) : std::string{};
}

void add_reason(const json::object& holder, std::string_view name, std::vector<std::string>& reasons) {
    if (auto reason = as_reason(holder.if_contains(name)); !reason.empty()) reasons.push_back(std::move(reason));
}

void add_reasons_in(const json::object& error, std::string_view list, std::vector<std::string>& reasons) {
    const auto* entries = error.if_contains(list);
    if (entries == nullptr || !entries->is_array()) return;
    for (const auto& entry : entries->get_array())
        if (entry.is_object()) add_reason(entry.get_object(), "reason", reasons);
}

Refusal read_refusal(std::string_view body) {
    boost::system::error_code failure;
    const auto root = json::parse(body, failure);
    const auto* error = !failure && root.is_object() ? root.get_object().if_contains("error") : nullptr;
    if (error == nullptr || !error->is_object()) return {};
    const auto& fields = error->get_object();
    Refusal refusal{.reasons = {}, .message = {}, .is_googles = true};
    add_reasons_in(fields, "errors", refusal.reasons);
    add_reasons_in(fields, "details", refusal.reasons);
    add_reason(fields, "status", refusal.reasons);
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
    return until(from_http_date(header), now);
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
    const auto refusal = read_refusal(body);
    const auto& [reasons, message, is_googles] = refusal;
    const std::string named = reasons.empty() ? fmt::format("status {}", status) : reasons.front();
    if (status == 401) return plain(ErrorKind::denied, "authError");
    if (const auto reason = refusal.one_of(kLongReasons); !reason.empty()) {
        auto error = rate_limited(std::string(reason), message, retry_after, now);
        if (!error.retry_after) error.retry_after = kLongWait;
        return error;
    }
    if (status == 429 || !refusal.one_of(kRateReasons).empty()) return rate_limited(named, message, retry_after, now);
    if (!refusal.one_of(kScopeReasons).empty()) return plain(ErrorKind::denied, "insufficientPermissions");
    if (!refusal.one_of(kApiOffReasons).empty()) return plain(ErrorKind::denied, "accessNotConfigured");
    if (!refusal.one_of(kTokenReasons).empty()) return plain(ErrorKind::not_found, "EXPIRED_SYNC_TOKEN");
    if (named == "backendError") return plain(ErrorKind::unavailable, named);
    if (named == "failedPrecondition" && message.find("Mail service not enabled") != std::string::npos)
        return plain(ErrorKind::denied, "failedPrecondition: this Google account has no Gmail");
    const bool is_size = status == 413 || status == 414 || status == 431;
    if (!is_googles && !is_size) return plain(ErrorKind::unavailable, named);
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
    return plain(reason.empty() ? ErrorKind::unavailable : kind_of_status(status), named);
}

}  // namespace inboxpro
