#include "tracking/intake/event_bytes.h"

namespace inboxpro {
namespace {

/// What is there of an event.
enum EventBit : std::uint16_t { has_recipient = 1, has_link = 2, is_from_sender = 4, is_sender_in_gmail = 8 };

std::uint16_t bits_of(const Event& event) {
    return static_cast<std::uint16_t>((event.recipient ? has_recipient : 0) | (event.link ? has_link : 0) |
                                      (event.from_sender_address ? is_from_sender : 0) |
                                      (event.sender_in_gmail ? is_sender_in_gmail : 0));
}

void append_text(Bytes& out, BytesView text) {
    append_u32(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

Result<std::string> take_text(BytesView& in) {
    const auto size = TRY(take_u32(in));
    return std::string(TRY(take_bytes(in, size)));
}

template <class AnyId>
Result<AnyId> take_id(BytesView& in) {
    return AnyId::from_bytes(TRY(take_bytes(in, sizeof(RawId))));
}

}  // namespace

void append_event(Bytes& out, const Event& event) {
    append_u16(out, bits_of(event));
    append_u16(out, static_cast<std::uint16_t>(event.kind));
    for (const auto id : {event.id.view(), event.account.view(), event.message.view()}) out += id;
    append_u64(out, static_cast<std::uint64_t>(to_millis(event.at)));
    if (event.recipient) append_u16(out, *event.recipient);
    if (event.link) append_u16(out, *event.link);
    append_text(out, event.method);
    append_text(out, event.user_agent);
    append_text(out, event.address);
    append_u16(out, static_cast<std::uint16_t>(event.headers.size()));
    for (const auto& [name, value] : event.headers) {
        append_text(out, name);
        append_text(out, value);
    }
}

Result<Event> take_event(BytesView& in) {
    Event event;
    const auto bits = TRY(take_u16(in));
    event.kind = static_cast<EventKind>(TRY(take_u16(in)));
    event.id = TRY(take_id<EventId>(in));
    event.account = TRY(take_id<AccountId>(in));
    event.message = TRY(take_id<MessageId>(in));
    event.at = from_millis(static_cast<std::int64_t>(TRY(take_u64(in))));
    if ((bits & has_recipient) != 0) event.recipient = TRY(take_u16(in));
    if ((bits & has_link) != 0) event.link = TRY(take_u16(in));
    event.method = TRY(take_text(in));
    event.user_agent = TRY(take_text(in));
    event.address = TRY(take_text(in));
    for (auto left = TRY(take_u16(in)); left > 0; --left) {
        auto name = TRY(take_text(in));
        event.headers.emplace_back(std::move(name), TRY(take_text(in)));
    }
    event.from_sender_address = (bits & is_from_sender) != 0;
    event.sender_in_gmail = (bits & is_sender_in_gmail) != 0;
    return event;
}

}  // namespace inboxpro
