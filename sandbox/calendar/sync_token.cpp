#include "sandbox/calendar/sync_token.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/bytes.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

std::optional<json::object> opened(std::string_view token) {
    const auto bytes = from_base64url(token);
    if (!bytes || bytes->empty()) return {};
    auto object = read_object(*bytes);
    return object ? std::optional(std::move(*object)) : std::nullopt;
}

std::optional<std::int64_t> whole_number_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_int64()) return {};
    return value->get_int64();
}

std::optional<TimePoint> millis_in(const json::object& from, std::string_view name) {
    const auto millis = whole_number_in(from, name);
    return millis ? std::optional(from_millis(*millis)) : std::nullopt;
}

std::string sealed(const json::object& object) {
    return base64url(json::serialize(object));
}

}  // namespace

std::string SyncTokens::issue(std::string_view list, const SyncPoint& point) const {
    json::object token{{"list", list},
                       {"stamp", static_cast<std::int64_t>(point.stamp)},
                       {"at", to_millis(clock_.now())},
                       {"generation", generation_}};
    if (point.window.begin) token["begin"] = to_millis(*point.window.begin);
    if (point.window.end) token["end"] = to_millis(*point.window.end);
    return sealed(token);
}

std::expected<SyncPoint, GoogleError> SyncTokens::read(std::string_view list, std::string_view token) const {
    const auto object = opened(token);
    const auto stamp = object ? whole_number_in(*object, "stamp") : std::nullopt;
    const auto at = object ? millis_in(*object, "at") : std::nullopt;
    if (!stamp || !at || text_in(*object, "list") != list) return invalid_token("syncToken");
    if (whole_number_in(*object, "generation") != generation_ || *at + kKept < clock_.now())
        return full_sync_required();
    return SyncPoint{static_cast<std::uint64_t>(*stamp), {millis_in(*object, "begin"), millis_in(*object, "end")}};
}

std::string to_page_token(const PagePoint& point) {
    return sealed({{"page", static_cast<std::int64_t>(point.stamp)}, {"after", point.after}});
}

std::expected<PagePoint, GoogleError> read_page_token(std::string_view token) {
    if (token.empty()) return PagePoint{};
    const auto object = opened(token);
    const auto stamp = object ? whole_number_in(*object, "page") : std::nullopt;
    if (!stamp) return invalid_token("pageToken");
    return PagePoint{static_cast<std::uint64_t>(*stamp), text_in(*object, "after")};
}

}  // namespace inboxpro::sandbox::calendar
