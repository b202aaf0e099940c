#include "tracking/event_record.h"

#include <cmath>

#include "tracking/body.h"
#include "tracking/classify/classify.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

/// Positions in kEvents.fields.
struct EventField {
    enum : std::size_t {
        message,
        at,
        node,
        batch,
        kind,
        recipient,
        link,
        label,
        confidence,
        rule,
        rules_version,
        provisional
    };
};

Value or_empty(const std::optional<std::uint16_t>& number) {
    return number ? Value{std::int64_t{*number}} : Value{};
}

std::optional<std::uint16_t> small(std::optional<std::int64_t> number) {
    return number ? std::optional{static_cast<std::uint16_t>(*number)} : std::nullopt;
}

json::array json_of_headers(const Event& event, const json::storage_ptr& memory) {
    json::array out(memory);
    for (const auto& [name, value] : event.headers) out.push_back(json::array({name, value}, memory));
    return out;
}

Result<void> read_headers(const json::object& body, Event& event) {
    for (const auto& item : TRY(array_in(body, "headers"))) {
        const auto* pair = item.if_array();
        if (pair == nullptr || pair->size() != 2 || !pair->at(0).is_string() || !pair->at(1).is_string())
            return unreadable_body("headers");
        event.headers.emplace_back(pair->at(0).get_string(), pair->at(1).get_string());
    }
    return {};
}

/// What was seen of the request itself.
void write_request(const Event& event, json::object& out) {
    out["method"] = event.method;
    out["user_agent"] = event.user_agent;
    out["address"] = event.address;
    out["headers"] = json_of_headers(event, out.storage());
    if (event.from_sender_address) out["from_sender_address"] = true;
    if (event.sender_in_gmail) out["sender_in_gmail"] = true;
}

Result<void> read_request(const json::object& body, Event& event) {
    event.method = TRY(text_in(body, "method"));
    event.user_agent = TRY(text_in(body, "user_agent"));
    event.address = TRY(text_in(body, "address"));
    event.from_sender_address = body.contains("from_sender_address");
    event.sender_in_gmail = body.contains("sender_in_gmail");
    return read_headers(body, event);
}

Result<Verdict> verdict_of(const Document& document) {
    Verdict verdict;
    verdict.label = static_cast<Label>(TRY(number_field(document, EventField::label)));
    verdict.confidence = static_cast<double>(TRY(number_field(document, EventField::confidence))) / 1000;
    verdict.human_p = human_chance(verdict.label, verdict.confidence);
    verdict.rule = TRY(bytes_field(document, EventField::rule));
    verdict.rules_version = static_cast<int>(TRY(number_field(document, EventField::rules_version)));
    verdict.provisional = TRY(number_field(document, EventField::provisional)) != 0;
    for (const auto& reason : TRY(array_in(document.body, "reasons"))) {
        if (!reason.is_string()) return unreadable_body("reasons");
        verdict.reasons.emplace_back(reason.get_string());
    }
    return verdict;
}

}  // namespace

Document document_of(const JudgedEvent& judged, const BatchMark& mark, json::storage_ptr memory) {
    const auto& [event, verdict] = judged;
    json::object body(std::move(memory));
    body.reserve(6);
    write_request(event, body);
    body["reasons"] = json::array(verdict.reasons.begin(), verdict.reasons.end(), body.storage());
    return {.id = event.id.raw,
            .account = event.account,
            .fields = {Bytes{event.message.view()}, to_millis(event.at), Bytes{mark.node.view()}, mark.batch,
                       static_cast<std::int64_t>(event.kind), or_empty(event.recipient), or_empty(event.link),
                       static_cast<std::int64_t>(verdict.label),
                       static_cast<std::int64_t>(std::llround(verdict.confidence * 1000)), Bytes{verdict.rule},
                       std::int64_t{verdict.rules_version}, std::int64_t{verdict.provisional}},
            .body = std::move(body)};
}

Result<JudgedEvent> judged_event_of(const Document& document) {
    Event event;
    event.id = {document.id};
    event.account = document.account;
    event.message = TRY(MessageId::from_bytes(TRY(bytes_field(document, EventField::message))));
    event.at = TRY(time_field(document, EventField::at));
    event.kind = static_cast<EventKind>(TRY(number_field(document, EventField::kind)));
    event.recipient = small(number_field_or_none(document, EventField::recipient));
    event.link = small(number_field_or_none(document, EventField::link));
    TRY(read_request(document.body, event));
    return JudgedEvent{.event = std::move(event), .verdict = TRY(verdict_of(document))};
}

Result<TimePoint> time_of(const Document& document) {
    return time_field(document, EventField::at);
}

Result<MessageId> message_of_event(const Document& document) {
    return MessageId::from_bytes(TRY(bytes_field(document, EventField::message)));
}

Result<std::int64_t> batch_of(const Document& document) {
    return number_field(document, EventField::batch);
}

Result<BatchMark> mark_of(const Document& document) {
    return BatchMark{.node = TRY(RawId::from_bytes(TRY(bytes_field(document, EventField::node)))),
                     .batch = TRY(batch_of(document))};
}

}  // namespace inboxpro
