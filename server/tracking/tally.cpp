#include "tracking/tally.h"

#include <algorithm>

#include "tracking/body.h"
#include "tracking/tally_record.h"
#include "tracking/token.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

struct Figure {
    std::string_view name;
    std::int64_t RecipientTally::* value;
};
constexpr Figure kFigures[] = {
    {"opens_by_people", &RecipientTally::opens_by_people},
    {"opens_by_machines", &RecipientTally::opens_by_machines},
    {"opens_by_sender", &RecipientTally::opens_by_sender},
    {"prefetches", &RecipientTally::prefetches},
    {"clicks_by_people", &RecipientTally::clicks_by_people},
    {"clicks_by_machines", &RecipientTally::clicks_by_machines},
    {"clicks_by_sender", &RecipientTally::clicks_by_sender},
    {"replies", &RecipientTally::replies},
    {"bounces", &RecipientTally::bounces},
};

json::object json_of(const RecipientTally& tally) {
    json::object out;
    for (const auto& [name, value] : kFigures)
        if (tally.*value != 0) out[name] = tally.*value;
    if (tally.first_read_at) out["first_read_at"] = to_millis(*tally.first_read_at);
    if (tally.last_at) out["last_at"] = to_millis(*tally.last_at);
    return out;
}

Result<RecipientTally> recipient_tally_of(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return unreadable_body("recipients");
    RecipientTally tally;
    for (const auto& [name, figure] : kFigures)
        if (object->contains(name)) tally.*figure = TRY(number_in(*object, name));
    if (object->contains("first_read_at")) tally.first_read_at = from_millis(TRY(number_in(*object, "first_read_at")));
    if (object->contains("last_at")) tally.last_at = from_millis(TRY(number_in(*object, "last_at")));
    return tally;
}

template <class Better>
void keep(std::optional<TimePoint>& kept, std::optional<TimePoint> other, Better better) {
    if (other && (!kept || better(*other, *kept))) kept = other;
}

std::int64_t& opens_by(RecipientTally& tally, Label label) {
    if (label == Label::prefetch) return tally.prefetches;
    if (label == Label::self) return tally.opens_by_sender;
    return label == Label::human || label == Label::proxy ? tally.opens_by_people : tally.opens_by_machines;
}

std::int64_t& clicks_by(RecipientTally& tally, Label label) {
    if (label == Label::prefetch) return tally.prefetches;
    if (label == Label::self) return tally.clicks_by_sender;
    return label == Label::human || label == Label::proxy ? tally.clicks_by_people : tally.clicks_by_machines;
}

std::int64_t& figure_of(RecipientTally& tally, EventKind kind, Label label) {
    switch (kind) {
        case EventKind::open: return opens_by(tally, label);
        case EventKind::click: return clicks_by(tally, label);
        case EventKind::reply: return tally.replies;
        case EventKind::bounce: break;
    }
    return tally.bounces;
}

}  // namespace

std::string_view name_of(ReadStatus status) {
    switch (status) {
        case ReadStatus::none: return "none";
        case ReadStatus::prefetched: return "prefetched";
        case ReadStatus::read: return "read";
        case ReadStatus::clicked: return "clicked";
        case ReadStatus::replied: return "replied";
        case ReadStatus::bounced: return "bounced";
    }
    return "none";
}

ReadStatus status_of(const RecipientTally& tally) {
    if (tally.replies > 0) return ReadStatus::replied;
    if (tally.clicks_by_people > 0) return ReadStatus::clicked;
    if (tally.opens_by_people > 0) return ReadStatus::read;
    if (tally.bounces > 0) return ReadStatus::bounced;
    return tally.prefetches > 0 ? ReadStatus::prefetched : ReadStatus::none;
}

ReadStatus Tally::status() const {
    auto highest = ReadStatus::none;
    bool bounced = false;
    for (const auto& [recipient, tally] : recipients) {
        const auto status = status_of(tally);
        bounced |= status == ReadStatus::bounced;
        if (status != ReadStatus::bounced) highest = std::max(highest, status);
    }
    return highest == ReadStatus::none && bounced ? ReadStatus::bounced : highest;
}

RecipientTally Tally::total() const {
    RecipientTally sum;
    for (const auto& [recipient, tally] : recipients) {
        for (const auto& [name, figure] : kFigures) sum.*figure += tally.*figure;
        keep(sum.first_read_at, tally.first_read_at, std::less<>{});
        keep(sum.last_at, tally.last_at, std::greater<>{});
    }
    return sum;
}

void count(Tally& tally, const Event& event, Label label) {
    auto& of_recipient = tally.recipients[event.recipient.value_or(TrackingToken::kAnyRecipient)];
    // A program's answer is no reply.
    if (event.kind != EventKind::reply || label == Label::human) ++figure_of(of_recipient, event.kind, label);
    const bool read = (event.kind == EventKind::open || event.kind == EventKind::click) &&
                      (label == Label::human || label == Label::proxy);
    if (read) keep(of_recipient.first_read_at, event.at, std::less<>{});
    keep(of_recipient.last_at, event.at, std::greater<>{});
}

Document document_of(const TallyRecord& record) {
    json::object recipients;
    for (const auto& [recipient, tally] : record.tally.recipients)
        recipients[std::to_string(recipient)] = json_of(tally);
    json::object folded;
    for (const auto& [node, batch] : record.folded) folded[node] = batch;
    return {.id = record.tally.message.raw,
            .account = record.account,
            .version = record.version,
            .fields = {},
            .body = {{"recipients", std::move(recipients)}, {"folded", std::move(folded)}}};
}

Result<TallyRecord> tally_record_of(const Document& document) {
    TallyRecord record{.account = document.account,
                       .tally = {.message = {document.id}, .recipients = {}},
                       .version = document.version};
    const auto* recipients = document.body.if_contains("recipients");
    const auto* folded = document.body.if_contains("folded");
    if (recipients == nullptr || !recipients->is_object()) return unreadable_body("recipients");
    if (folded == nullptr || !folded->is_object()) return unreadable_body("folded");
    for (const auto& [recipient, tally] : recipients->get_object())
        record.tally.recipients[static_cast<std::uint16_t>(std::stoul(std::string{recipient}))] =
            TRY(recipient_tally_of(tally));
    for (const auto& [node, batch] : folded->get_object())
        record.folded[std::string{node}] = TRY(number_in(folded->get_object(), node));
    return record;
}

Task<Result<Tally>> Tallies::get(AccountId account, MessageId message) {
    const auto document = co_await documents_.get(kTallies, message.raw);
    if (!document && document.error().kind == ErrorKind::not_found)
        co_return Tally{.message = message, .recipients = {}};
    if (!document) co_return std::unexpected(document.error());
    if (document->account != account) co_return Tally{.message = message, .recipients = {}};
    co_return CO_TRY(tally_record_of(*document)).tally;
}

}  // namespace inboxpro
