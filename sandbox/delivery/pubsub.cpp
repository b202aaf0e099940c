#include "sandbox/delivery/pubsub.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array kAcknowledges = {102, 200, 201, 202, 204};
constexpr std::int64_t kTokenSeconds = 3'600;

/// 16 digits, as Google's message ids are.
std::string new_message_id(Random& random) {
    const auto bytes = random.bytes(8);
    BytesView view = bytes;
    return std::to_string(1'000'000'000'000'000 + take_u64(view).value_or(0) % 9'000'000'000'000'000);
}

/// projects/p/topics/t is read by projects/p/subscriptions/t-push.
std::string subscription_of(const std::string& topic) {
    const auto at = topic.find("/topics/");
    return fmt::format("{}/subscriptions/{}-push", topic.substr(0, at), topic.substr(at + 8));
}

Bytes push_body(const std::string& topic, const json::object& data, const std::string& id, TimePoint now) {
    const auto time = to_rfc3339(now);
    return json::serialize(json::object{{"message",
                                         {{"data", base64(json::serialize(data))},
                                          {"messageId", id},
                                          {"message_id", id},
                                          {"publishTime", time},
                                          {"publish_time", time}}},
                                        {"subscription", subscription_of(topic)}});
}

std::vector<std::string> headers_for(const Topic& topic, TimePoint at, oauth::SigningKeys& keys) {
    std::vector<std::string> headers{
        "Content-Type: application/json",
        "User-Agent: APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"};
    if (topic.service_account.empty()) return headers;
    const auto now = to_millis(at) / 1000;
    const auto token = keys.sign({{"iss", oauth::kIssuer},
                                  {"aud", topic.audience.empty() ? topic.endpoint : topic.audience},
                                  {"azp", "113774264463038321964"},
                                  {"sub", "113774264463038321964"},
                                  {"email", topic.service_account},
                                  {"email_verified", true},
                                  {"iat", now},
                                  {"exp", now + kTokenSeconds}});
    headers.push_back("Authorization: Bearer " + token);
    return headers;
}

}  // namespace

void PubSub::set(Topic topic) {
    const std::lock_guard lock(mutex_);
    auto name = topic.name;
    topics_[std::move(name)] = std::move(topic);
}

std::vector<Topic> PubSub::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Topic> all;
    for (const auto& [name, topic] : topics_) all.push_back(topic);
    return all;
}

bool PubSub::may_publish(const std::string& topic) const {
    const std::lock_guard lock(mutex_);
    const auto found = topics_.find(topic);
    return found != topics_.end() && found->second.granted;
}

void PubSub::publish(const std::string& topic_name, const std::string& address, std::uint64_t history_id) {
    Topic topic;
    {
        const std::lock_guard lock(mutex_);
        const auto found = topics_.find(topic_name);
        if (found == topics_.end() || !found->second.granted || found->second.endpoint.empty()) return;
        topic = found->second;
    }
    // Gmail writes the number as a number.
    auto body = push_body(topic.name, {{"emailAddress", address}, {"historyId", history_id}}, new_message_id(random_),
                          clock_.now());
    auto url = topic.endpoint;
    notices_.post(
        {.url = std::move(url),
         .body = std::move(body),
         .headers = [topic = std::move(topic), &clock = clock_,
                     &keys = keys_] { return headers_for(topic, clock.now(), keys); },
         .is_final = [](int status) { return std::ranges::find(kAcknowledges, status) != kAcknowledges.end(); }});
}

}  // namespace inboxpro::sandbox
