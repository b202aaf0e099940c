#include "http/api/message_json.h"

#include <boost/json.hpp>

#include "http/api/sending_json.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

std::string_view name_of(RecipientField field) {
    switch (field) {
        case RecipientField::to: return "to";
        case RecipientField::cc: return "cc";
        case RecipientField::bcc: return "bcc";
    }
    return "to";
}

std::string_view state_of(const Message& message, const std::optional<Send>& send) {
    if (send) return inboxpro::name_of(send->state);
    return message.state == Message::State::sent ? "sent" : "prepared";
}

json::array recipients_json(const Message& message, const Tally& tally) {
    json::array recipients;
    for (std::size_t i = 0; i < message.recipients.size(); ++i) {
        const auto& recipient = message.recipients[i];
        json::object item{{"index", i}, {"address", recipient.address}, {"field", name_of(recipient.field)}};
        if (!recipient.name.empty()) item["name"] = recipient.name;
        if (recipient.address.empty()) item["erased"] = true;
        if (const auto known = tally.recipients.find(static_cast<std::uint16_t>(i)); known != tally.recipients.end())
            item["status"] = inboxpro::name_of(status_of(known->second));
        recipients.push_back(std::move(item));
    }
    return recipients;
}

json::object tracking_json(const Message& message, bool is_silent = false) {
    const bool prepared = message.not_tracked_because.empty();
    const bool tracked = prepared && !is_silent;
    json::object tracking{{"opens", tracked && message.track.opens}, {"clicks", tracked && message.track.clicks}};
    if (!tracked) tracking["not_tracked_because"] = prepared ? "opted_out" : message.not_tracked_because;
    return tracking;
}

json::object figures_json(const RecipientTally& total) {
    json::object figures{{"opens_by_people", total.opens_by_people},
                         {"opens_by_machines", total.opens_by_machines},
                         {"opens_by_sender", total.opens_by_sender},
                         {"prefetches", total.prefetches},
                         {"clicks_by_people", total.clicks_by_people},
                         {"clicks_by_machines", total.clicks_by_machines},
                         {"clicks_by_sender", total.clicks_by_sender},
                         {"replies", total.replies},
                         {"bounces", total.bounces}};
    if (total.first_read_at) figures["first_read_at"] = to_rfc3339(*total.first_read_at);
    if (total.last_at) figures["last_at"] = to_rfc3339(*total.last_at);
    return figures;
}

/// When a mail that waits goes out, and how that was said.
void add_times(json::object& out, const Send& send) {
    if (!is_waiting(send.state)) return;
    out["send_at"] = to_rfc3339(send.wanted_at);
    if (send.wall) {
        out["time_zone"] = send.wall->zone;
        out["local_time"] = text_of(send.wall->reading);
    }
    if (send.in_hours) out["in_hours"] = true;
    if (send.put_off) out["put_off"] = put_off_json(send);
    if (send.moved_from) out["moved_from"] = to_rfc3339(*send.moved_from);
    const bool tries_again = send.state == SendState::scheduled && send.due_at > send.wanted_at && !send.changing;
    if (tries_again) out["next_try_at"] = to_rfc3339(send.due_at);
}

json::value or_null(const std::optional<std::uint16_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

}  // namespace

json::object message_json(const Message& message, const std::optional<Send>& send, const Tally& tally, bool is_silent) {
    json::object out{{"id", message.id.text()},
                     {"state", state_of(message, send)},
                     {"source", message.source == Message::Source::outbox ? "outbox" : "extension"},
                     {"created_at", to_rfc3339(message.created_at)},
                     {"recipients", recipients_json(message, tally)},
                     {"status", inboxpro::name_of(tally.status())},
                     {"tracking", tracking_json(message, is_silent)},
                     {"links", message.links},
                     {"shared", message.recipients.size() > 1},
                     {"figures", figures_json(tally.total())}};
    if (message.sent_at) out["sent_at"] = to_rfc3339(*message.sent_at);
    if (send) add_times(out, *send);
    if (send && send->problem && send->state != SendState::sending)
        out["problem"] = {{"code", send->problem->code},
                          {"message", send->problem->message},
                          {"what_to_do", send->problem->what_to_do}};
    return out;
}

json::object submitted_json(const Message& message, const Send& send) {
    json::array recipients;
    for (std::size_t i = 0; i < message.recipients.size(); ++i)
        recipients.push_back({{"index", i}, {"address", message.recipients[i].address}});
    json::object out{{"id", message.id.text()},
                     {"state", inboxpro::name_of(send.state)},
                     {"recipients", std::move(recipients)},
                     {"tracking", tracking_json(message)}};
    add_times(out, send);
    return out;
}

json::object ledger_json(const LedgerEntry& entry) {
    return {{"number", entry.number},
            {"word", inboxpro::name_of(entry.word)},
            {"at", to_rfc3339(entry.at)},
            {"attempt", entry.epoch}};
}

json::object event_json(const JudgedEvent& judged) {
    const auto& [event, verdict] = judged;
    json::array reasons(verdict.reasons.begin(), verdict.reasons.end());
    json::object out{{"id", event.id.text()},
                     {"message_id", event.message.text()},
                     {"kind", inboxpro::name_of(event.kind)},
                     {"at", to_rfc3339(event.at)},
                     {"recipient", or_null(event.recipient)},
                     {"label", inboxpro::name_of(verdict.label)},
                     {"confidence", verdict.confidence},
                     {"human_p", verdict.human_p ? json::value(*verdict.human_p) : json::value(nullptr)},
                     {"rule", verdict.rule},
                     {"rules_version", verdict.rules_version},
                     {"reasons", std::move(reasons)},
                     {"counted", verdict.counted()},
                     {"provisional", verdict.provisional}};
    if (event.link) out["link"] = *event.link;
    return out;
}

}  // namespace inboxpro::http
