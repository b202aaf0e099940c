#include "sandbox/calendar/channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>

namespace inboxpro::sandbox::calendar {

bool Channels::is_address(std::string_view url) {
    const auto parsed = boost::urls::parse_absolute_uri(url);
    if (!parsed || parsed->host().empty()) return false;
    const auto host = parsed->host();
    return parsed->scheme() == "https" ||
           (parsed->scheme() == "http" && (host == "127.0.0.1" || host == "[::1]" || host == "localhost"));
}

bool Channels::open(Channel channel) {
    const std::lock_guard lock(mutex_);
    forget_expired();
    const auto same = [&](const Channel& other) {
        return other.id == channel.id && other.client_id == channel.client_id;
    };
    if (std::ranges::any_of(channels_, same)) return false;
    channels_.push_back(std::move(channel));
    send(channels_.back(), "sync");
    return true;
}

bool Channels::close(std::string_view id, std::string_view resource_id, std::string_view client_id) {
    const std::lock_guard lock(mutex_);
    forget_expired();
    return std::erase_if(channels_, [&](const Channel& channel) {
               return channel.id == id && channel.resource_id == resource_id && channel.client_id == client_id;
           }) > 0;
}

void Channels::tell(std::string_view calendar_id) {
    const std::lock_guard lock(mutex_);
    forget_expired();
    for (auto& channel : channels_)
        if (channel.calendar_id == calendar_id) send(channel, "exists");
}

void Channels::send(Channel& channel, std::string_view state) {
    std::vector<std::string> headers{
        "Content-Type: application/json; utf-8",
        fmt::format("X-Goog-Channel-ID: {}", channel.id),
        fmt::format("X-Goog-Channel-Expiration: {}", to_http_date(channel.expiration)),
        fmt::format("X-Goog-Resource-ID: {}", channel.resource_id),
        fmt::format("X-Goog-Resource-URI: {}", channel.resource_uri),
        fmt::format("X-Goog-Resource-State: {}", state),
        fmt::format("X-Goog-Message-Number: {}", ++channel.message_number),
    };
    if (!channel.token.empty()) headers.push_back(fmt::format("X-Goog-Channel-Token: {}", channel.token));
    notices_.post({.url = channel.address,
                   .headers = [headers = std::move(headers)] { return headers; },
                   .is_final = [](int) { return true; },
                   .attempts = 1,
                   .line = channel.address});
}

void Channels::forget_expired() {
    std::erase_if(channels_, [now = clock_.now()](const Channel& channel) { return channel.expiration <= now; });
}

boost::json::object to_json(const Channel& channel) {
    boost::json::object resource{{"kind", "api#channel"},
                                 {"id", channel.id},
                                 {"resourceId", channel.resource_id},
                                 {"resourceUri", channel.resource_uri},
                                 {"expiration", std::to_string(to_millis(channel.expiration))}};
    if (!channel.token.empty()) resource["token"] = channel.token;
    return resource;
}

}  // namespace inboxpro::sandbox::calendar
