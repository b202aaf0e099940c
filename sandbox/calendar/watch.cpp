#include <fmt/format.h>

#include "sandbox/calendar/api.h"
#include "sandbox/calendar/refusals.h"
#include "sandbox/form.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::calendar {
namespace {

namespace json = boost::json;

constexpr std::chrono::hours kLongestLife{7 * 24};
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestToken = 256;

bool is_channel_id(std::string_view id) {
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view("-_+/=").contains(static_cast<char>(c));
    };
    return !id.empty() && id.size() <= kLongestId && std::ranges::all_of(id, fits);
}

bool is_channel_token(std::string_view token) {
    return token.size() <= kLongestToken &&
           std::ranges::all_of(token, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

/// A number as Google takes it in JSON: also as a string.
std::optional<std::uint64_t> number_or_text_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value != nullptr && value->is_int64() && value->get_int64() >= 0)
        return static_cast<std::uint64_t>(value->get_int64());
    return to_number(text_in(from, name));
}

/// The sooner of params.ttl (seconds) and expiration (epoch milliseconds), a week at most.
TimePoint expiration_of(const json::object& body, TimePoint now) {
    auto end = now + kLongestLife;
    const auto* params = object_in(body, "params");
    const auto seconds = params == nullptr ? std::nullopt : number_or_text_in(*params, "ttl");
    const auto week = static_cast<std::uint64_t>(std::chrono::seconds(kLongestLife).count());
    if (seconds && *seconds > 0 && *seconds < week)
        end = now + std::chrono::seconds(static_cast<std::int64_t>(*seconds));
    const auto millis = number_or_text_in(body, "expiration");
    if (millis && *millis > static_cast<std::uint64_t>(to_millis(now)) &&
        *millis < static_cast<std::uint64_t>(to_millis(end)))
        end = from_millis(static_cast<std::int64_t>(*millis));
    return end;
}

std::expected<Channel, GoogleError> read_channel(const Call& call, TimePoint now) {
    const auto body = read_body(call);
    if (!body) return std::unexpected(body.error());
    Channel channel{.id = text_in(*body, "id"),
                    .client_id = call.access.client_id,
                    .address = text_in(*body, "address"),
                    .token = text_in(*body, "token"),
                    .expiration = expiration_of(*body, now)};
    if (channel.id.empty() || channel.address.empty()) return required("Required");
    if (!is_channel_id(channel.id)) return invalid("Invalid channel id.");
    if (!is_channel_token(channel.token)) return invalid("Invalid channel token.");
    const auto type = text_in(*body, "type");
    if (type != "web_hook" && type != "webhook") return invalid(fmt::format("Unknown channel type: {}", type));
    if (!Channels::is_address(channel.address)) return not_https(channel.address);
    return channel;
}

/// The same for all who watch the calendar as this user.
std::string resource_id_of(const Calendar& calendar, const User& user) {
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    for (const unsigned char c : calendar.id + "\n" + user.subject) hash = (hash ^ c) * 1'099'511'628'211U;
    Bytes bytes;
    append_u64(bytes, hash);
    append_u64(bytes, hash * 1'099'511'628'211U);
    return base64url(bytes);
}

Answer watch(const Call& call, Calendars& calendars, Channels& channels) {
    return calendars.at(call.user, call.path_value(0), Role::free_busy_reader, [&](Desk& desk) -> Answer {
        auto channel = read_channel(call, desk.all.now());
        if (!channel) return std::unexpected(channel.error());
        channel->calendar_id = desk.calendar.id;
        channel->resource_id = resource_id_of(desk.calendar, call.user);
        channel->resource_uri = fmt::format("https://www.googleapis.com/calendar/v3/calendars/{}/events?alt=json",
                                            query_encoded(desk.calendar.id));
        if (!channels.open(*channel)) return channel_id_not_unique(channel->id);
        return to_json(*channel);
    });
}

Answer stop(const Call& call, Channels& channels) {
    const auto body = read_body(call);
    if (!body) return std::unexpected(body.error());
    const auto id = text_in(*body, "id"), resource_id = text_in(*body, "resourceId");
    if (id.empty() || resource_id.empty()) return required("Required");
    if (!channels.close(id, resource_id, call.access.client_id))
        return std::unexpected(
            GoogleError{.code = 404,
                        .reason = "notFound",
                        .message = fmt::format("Channel '{}' not found for project '{}'", id, call.access.client_id)});
    return nullptr;
}

}  // namespace

void add_watch_methods(Api& api, Calendars& calendars, Channels& channels) {
    api.add("calendar.events.watch",
            [&calendars, &channels](const Call& call) { return watch(call, calendars, channels); });
    api.add("calendar.channels.stop", [&channels](const Call& call) { return stop(call, channels); });
}

}  // namespace inboxpro::sandbox::calendar
