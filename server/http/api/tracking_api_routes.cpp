#include "http/api/tracking_api_routes.h"

#include <boost/json.hpp>

#include "consent/privacy_token.h"
#include "http/api/json_input.h"
#include "http/api/submission_json.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostLinks = 1'000;

Result<std::vector<Recipient>> recipients_in(const JsonInput& input) {
    std::vector<Recipient> recipients;
    for (const auto& text : TRY(input.texts("recipients", kMostRecipients))) {
        auto mailbox = parse_mailbox(text);
        if (!mailbox) return fail_field("recipients", "recipients holds something that is no mail address");
        recipients.push_back({.address = std::move(mailbox->address), .name = std::move(mailbox->name)});
    }
    if (recipients.empty()) return fail_field("recipients", "recipients is missing");
    return recipients;
}

}  // namespace

void TrackingApiRoutes::add_to(Router& router, Gate& gate) {
    const auto route = [&](std::string_view path, auto member) {
        router.add(Method::post, path, gate.guard("messages:write", guarded(this, member)));
    };
    route("/api/v1/tracking", &TrackingApiRoutes::create);
    route("/api/v1/tracking/{id}/sent", &TrackingApiRoutes::sent);
    route("/api/v1/tracking/{id}/discard", &TrackingApiRoutes::discard);
    route("/api/v1/tracking/{id}/viewing", &TrackingApiRoutes::viewing);
}

Answer TrackingApiRoutes::create(Request request, Caller caller) {
    const auto account = caller.account;
    co_return co_await idempotency_.once(account, std::move(request), [this, account](Request first) {
        return answered(prepare(std::move(first), account));
    });
}

json::array TrackingApiRoutes::links_of(const Message& message, const std::vector<std::string>& urls,
                                        int& tracked) const {
    json::array links;
    for (const auto& url : urls) {
        TrackingToken token{.kind = TrackingToken::Kind::click, .account = message.account, .message = message.id};
        token.recipient = message.recipients.size() == 1 ? std::uint16_t{0} : TrackingToken::kAnyRecipient;
        token.link = static_cast<std::uint16_t>(tracked);
        token.address_policy = settings_.address_policy;
        token.destination = url;
        const auto text = seal_token(sealer_, token);
        // Only what opens again: the token refuses destinations that a redirect must not have.
        const bool usable = message.track.clicks && message.not_tracked_because.empty() &&
                            open_token(sealer_, TrackingToken::Kind::click, text).has_value();
        if (usable) ++tracked;
        links.push_back({{"url", usable ? settings_.tracking_origin + "/c/" + text : url}, {"tracked", usable}});
    }
    return links;
}

Answer TrackingApiRoutes::prepare(Request request, AccountId account_id) {
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    CO_TRY(input.only({"recipients", "links", "track"}));
    const auto account = CO_TRY(co_await accounts_.get(account_id));

    const TimePoint now = clock_.now();
    Message message{.id = MessageId::make(now, random_), .account = account_id, .created_at = now};
    message.source = Message::Source::extension;
    message.recipients = CO_TRY(recipients_in(input));
    message.track = CO_TRY(track_switches(input));
    CO_TRY(co_await consents_.prepare(account, message));
    json::object out{{"message_id", message.id.text()}};
    out["links"] = links_of(message, CO_TRY(input.texts("links", kMostLinks)), message.links);
    const bool opens = message.track.opens && message.not_tracked_because.empty();
    const auto recipient = message.recipients.size() == 1 ? std::uint16_t{0} : TrackingToken::kAnyRecipient;
    const TrackingToken open{.account = account_id,
                             .message = message.id,
                             .recipient = recipient,
                             .address_policy = settings_.address_policy};
    out["pixel"] = opens ? json::value(settings_.tracking_origin + "/o/" + seal_token(sealer_, open) + ".gif")
                         : json::value(nullptr);
    if (message.not_tracked_because.empty())
        out["privacy"] =
            settings_.tracking_origin + "/privacy/" + seal_privacy_token(sealer_, {account_id, message.id, recipient});
    else
        out["not_tracked_because"] = message.not_tracked_because;
    CO_TRY(co_await messages_.add(std::move(message)));
    co_return json_response(201, out);
}

Answer TrackingApiRoutes::sent(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    const auto body = CO_TRY(json_body(request));
    const JsonInput input(body);
    CO_TRY(input.only({"gmail_message_id", "gmail_thread_id"}));
    auto message_id = CO_TRY(input.needed_text("gmail_message_id", 64));
    auto thread_id = CO_TRY(input.text("gmail_thread_id", 64));
    CO_TRY(co_await messages_.mark_sent(caller.account, id, std::move(message_id), std::move(thread_id), clock_.now()));
    if (settings_.look_again) settings_.look_again(caller.account, id);
    co_return Response{.status = 204};
}

Answer TrackingApiRoutes::discard(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    CO_TRY(co_await messages_.discard(caller.account, id));
    co_return Response{.status = 204};
}

Answer TrackingApiRoutes::viewing(Request request, Caller caller) {
    const auto id = CO_TRY(id_in<MessageId>(request));
    CO_TRY(co_await messages_.note_viewing(caller.account, id, clock_.now()));
    if (settings_.viewed) settings_.viewed(caller.account);
    if (settings_.look_again) settings_.look_again(caller.account, id);
    co_return Response{.status = 204};
}

}  // namespace inboxpro::http
