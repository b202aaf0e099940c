#include "tracking/classify/facts_of.h"

namespace inboxpro {

Facts facts_of(const Event& event, std::optional<TimePoint> sent_at, int links_in_message) {
    Facts facts{.kind = event.kind,
                .method = event.method,
                .user_agent = event.user_agent,
                .address = event.address,
                .sender_address = event.from_sender_address,
                .links_in_message = links_in_message,
                .sender_in_gmail = event.sender_in_gmail};
    for (const auto& [name, value] : event.headers) facts.headers.emplace_back(name, value);
    if (sent_at) facts.seconds_after_send = std::chrono::duration<double>(event.at - *sent_at).count();
    return facts;
}

}  // namespace inboxpro
