#include <boost/json/serialize.hpp>

#include "http/server/text.h"
#include "sandbox/control/routes.h"
#include "sandbox/gmail/meddling.h"
#include "sandbox/json.h"

namespace inboxpro::sandbox {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

constexpr std::int64_t kMost = 1'000'000'000;

Response not_found(std::string detail) {
    return http::error_response({.kind = ErrorKind::not_found, .detail = std::move(detail)});
}

json::object limits_of(const Controls& controls) {
    return {{"units_per_minute", controls.quota.units_per_minute()},
            {"concurrent_calls", controls.crowd.limit()},
            {"mails_per_day", controls.post_office.limits().consumer()},
            {"mails_per_day_workspace", controls.post_office.limits().workspace()},
            {"recipients_per_mail", controls.post_office.limits().recipients()}};
}

/// Overwrites what the body names; the others stay.
Response set_limits(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    auto limits = limits_of(controls);
    for (auto& limit : limits) {
        const auto* wanted = body->if_contains(limit.key());
        if (wanted == nullptr) continue;
        if (!wanted->is_int64() || wanted->get_int64() < 0 || wanted->get_int64() > kMost)
            return http::error_response(
                fail_field(std::string(limit.key()), "A limit is a whole number; 0 is no limit.").error());
        limit.value() = *wanted;
    }
    const auto limit = [&](std::string_view name) { return limits.at(name).to_number<int>(); };
    controls.quota.set_units_per_minute(limit("units_per_minute"));
    controls.crowd.set_limit(limit("concurrent_calls"));
    controls.post_office.limits().set_recipients(limit("recipients_per_mail"));
    controls.post_office.limits().set(limit("mails_per_day"), limit("mails_per_day_workspace"));
    return control_answer(200, limits_of(controls));
}

json::object to_json(const Topic& topic) {
    return {{"topic", topic.name},
            {"endpoint", topic.endpoint},
            {"audience", topic.audience},
            {"service_account", topic.service_account},
            {"granted", topic.granted}};
}

Response list_topics(const Controls& controls, const Request&) {
    json::array items;
    for (const auto& topic : controls.pubsub.all()) items.push_back(to_json(topic));
    const auto figures = controls.notices.figures();
    return control_answer(200, json::object{{"items", std::move(items)},
                                            {"notices",
                                             {{"waiting", figures.waiting},
                                              {"attempts", figures.attempts},
                                              {"finished", figures.finished},
                                              {"dropped", figures.dropped}}}});
}

Response set_topic(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    const auto* granted = body->if_contains("granted");
    Topic topic{.name = text_in(*body, "topic"),
                .endpoint = text_in(*body, "endpoint"),
                .audience = text_in(*body, "audience"),
                .service_account = text_in(*body, "service_account"),
                .granted = granted == nullptr || !granted->is_bool() || granted->get_bool()};
    if (!topic.name.starts_with("projects/") || !topic.name.contains("/topics/"))
        return http::error_response(fail_field("topic", "A topic is projects/…/topics/….").error());
    if (!topic.endpoint.empty() && !topic.endpoint.starts_with("http://") && !topic.endpoint.starts_with("https://"))
        return http::error_response(fail_field("endpoint", "An endpoint is an http or https address.").error());
    controls.pubsub.set(topic);
    return control_answer(200, to_json(topic));
}

Response set_sender(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    auto* user = controls.users.find(request.path_values[0]);
    if (user == nullptr) return not_found("Nobody has this address.");
    const auto& address = request.path_values[0];
    auto sender = user->settings.sender(address);
    if (body->contains("signature")) sender.signature = text_in(*body, "signature");
    if (body->contains("reply_to")) sender.reply_to = text_in(*body, "reply_to");
    user->settings.set_sender(address, sender);
    return control_answer(
        200, json::object{{"address", address}, {"signature", sender.signature}, {"reply_to", sender.reply_to}});
}

std::optional<gmail::Meddling> meddling_named(std::string_view name) {
    if (name == "edit") return gmail::Meddling::edit;
    if (name == "delete") return gmail::Meddling::erase;
    if (name == "send") return gmail::Meddling::send;
    if (name == "subject") return gmail::Meddling::resubject;
    return {};
}

json::object to_json(const gmail::Draft& draft) {
    return {{"id", draft.id},
            {"message_id", gmail::to_text(draft.message.id)},
            {"thread_id", gmail::to_text(draft.message.thread_id)}};
}

Response meddle_with_draft(const Controls& controls, const Request& request) {
    const auto body = read_object(request.body);
    if (!body) return http::error_response(body.error());
    const auto what = meddling_named(text_in(*body, "do"));
    if (!what) return http::error_response(fail_field("do", "Say edit, delete, send or subject.").error());
    auto* user = controls.users.find(request.path_values[0]);
    const auto& id = request.path_values[1];
    if (user == nullptr || !user->mailbox.draft(id)) return not_found("There is no such draft.");
    auto text = text_in(*body, "subject");
    if (const auto raw = text_in(*body, "raw"); *what == gmail::Meddling::edit && !raw.empty()) {
        auto mail = from_base64url(raw);
        if (!mail) return http::error_response(fail_field("raw", "raw is base64url.").error());
        text = std::move(*mail);
    }
    if (!gmail::meddle(*user, controls.post_office, id, *what, text))
        return http::error_response(
            {.kind = ErrorKind::conflict, .detail = "Gmail would not do that with this draft."});
    const auto draft = user->mailbox.draft(id);
    return control_answer(200, draft ? to_json(*draft) : json::object{{"id", id}});
}

Response expire_history(const Controls& controls, const Request& request) {
    auto* user = controls.users.find(request.path_values[0]);
    if (user == nullptr) return not_found("Nobody has this address.");
    user->mailbox.expire_history();
    return control_answer(200, json::object{{"history_id", std::to_string(user->mailbox.history_id())}});
}

}  // namespace

void add_mailbox_control_routes(Calls& calls, Controls controls) {
    const auto add = [&](Method method, std::string_view path, auto reply) {
        calls.add_own(method, path,
                      [controls, reply](const Request& request) { return Response(reply(controls, request)); });
    };
    add(Method::get, "/_sandbox/quota",
        [](const Controls& all, const Request&) { return control_answer(200, limits_of(all)); });
    add(Method::post, "/_sandbox/quota", set_limits);
    add(Method::get, "/_sandbox/pubsub", list_topics);
    add(Method::post, "/_sandbox/pubsub", set_topic);
    add(Method::post, "/_sandbox/senders/{address}", set_sender);
    add(Method::post, "/_sandbox/drafts/{address}/{draft_id}", meddle_with_draft);
    add(Method::post, "/_sandbox/history/{address}/expire", expire_history);
}

}  // namespace inboxpro::sandbox
