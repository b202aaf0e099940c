#include "sandbox/gmail/watches.h"

#include <algorithm>

#include "http/server/text.h"
#include "sandbox/gmail/api.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox::gmail {
namespace {

namespace json = boost::json;

bool fits(const Watch& watch, const HistoryRecord& record) {
    if (watch.labels.empty()) return true;
    const auto concerns = [&](const std::string& label) {
        return record.labels.contains(label) || record.changed.contains(label);
    };
    return std::ranges::any_of(watch.labels, concerns) != watch.excludes;
}

/// "projects/p/topics/t"
bool is_topic(std::string_view text) {
    const auto takes = [&](std::string_view word) { return http::take_until(text, '/') == word; };
    if (!takes("projects") || http::take_until(text, '/').empty() || !takes("topics")) return false;
    return !text.empty() && !text.contains('/');
}

std::expected<Watch, GoogleError> read_watch(const Call& call, const json::object& body) {
    const auto labels = texts_in(body, "labelIds");
    auto behavior = text_in(body, "labelFilterBehavior");
    if (behavior.empty()) behavior = text_in(body, "labelFilterAction");
    Watch watch{.topic = text_in(body, "topicName"),
                .labels = {labels.begin(), labels.end()},
                .excludes = http::same_ignoring_case(behavior, "exclude")};
    if (!is_topic(watch.topic))
        return refusal::invalid_argument("Invalid topicName does not match projects/{project}/topics/{topic}");
    if (!behavior.empty() && !watch.excludes && !http::same_ignoring_case(behavior, "include"))
        return refusal::invalid_argument("Invalid value at 'label_filter_behavior', \"" + behavior + "\"");
    for (const auto& label : labels)
        if (!call.user.labels.has(label)) return refusal::invalid_argument("Invalid label: " + label);
    return watch;
}

Answer watch(const Call& call, Watches& watches) {
    const auto body = read_object(call.request.body);
    if (!body) return refusal::bad_request("Invalid JSON payload received.");
    auto wanted = read_watch(call, *body);
    if (!wanted) return std::unexpected(std::move(wanted).error());
    if (!watches.may_publish(wanted->topic))
        return refusal::forbidden("Error sending test message to Cloud PubSub " + wanted->topic +
                                  " : User not authorized to perform this action.");
    const auto until = watches.start(call.user.address, call.access.client_id, std::move(*wanted));
    if (!until)
        return refusal::invalid_argument(
            "Only one user push notification client allowed per developer (call /stop then try again)");
    return json::object{{"historyId", std::to_string(call.user.mailbox.history_id())},
                        {"expiration", std::to_string(to_millis(*until))}};
}

}  // namespace

Result<TimePoint> Watches::start(const std::string& address, const std::string& client_id, Watch watch) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    auto& running = watches_[address][client_id];
    const bool lives = !running.watch.topic.empty() && running.watch.expires_at > now;
    if (lives && running.watch.topic != watch.topic)
        return fail(ErrorKind::conflict, "This application watches with another topic.");
    watch.expires_at = now + kLife;
    running.watch = std::move(watch);
    return running.watch.expires_at;
}

void Watches::stop(const std::string& address, const std::string& client_id) {
    const std::lock_guard lock(mutex_);
    if (const auto user = watches_.find(address); user != watches_.end()) user->second.erase(client_id);
}

void Watches::changed(const std::string& address, const HistoryRecord& record) {
    const std::lock_guard lock(mutex_);
    const auto user = watches_.find(address);
    if (user == watches_.end()) return;
    for (auto& [client_id, running] : user->second) {
        const bool too_soon = record.at >= running.last_notice && record.at < running.last_notice + kBetweenNotices;
        if (running.watch.expires_at <= record.at || too_soon || !fits(running.watch, record)) continue;
        running.last_notice = record.at;
        publish_(running.watch.topic, address, record.id);
    }
}

void add_watch_methods(Api& api, Watches& watches) {
    api.add("gmail.users.watch", [&watches](const Call& call) { return watch(call, watches); });
    api.add("gmail.users.stop", [&watches](const Call& call) -> Answer {
        watches.stop(call.user.address, call.access.client_id);
        return nullptr;
    });
}

}  // namespace inboxpro::sandbox::gmail
