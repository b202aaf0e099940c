#include "tracking/intake/judge.h"

namespace inboxpro {

Verdict judge(const Event& event, const MessageContext& message) {
    Facts facts{.kind = event.kind,
                .method = event.method,
                .user_agent = event.user_agent,
                .address = event.address,
                .links_in_message = message.links};
    for (const auto& [name, value] : event.headers) facts.headers.emplace_back(name, value);
    if (message.sent_at) facts.seconds_after_send = std::chrono::duration<double>(event.at - *message.sent_at).count();
    auto verdict = classify(facts);
    if (event.kind != EventKind::click || message.links < 2) return verdict;
    facts.other_links_within_2s = message.links - 1;
    verdict.provisional = classify(facts).rule == "link-burst";
    return verdict;
}

}  // namespace inboxpro
