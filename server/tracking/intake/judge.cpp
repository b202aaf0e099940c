#include "tracking/intake/judge.h"

#include "tracking/classify/facts_of.h"

namespace inboxpro {

Verdict judge(const Event& event, const MessageContext& message) {
    auto facts = facts_of(event, message.sent_at, message.links);
    auto verdict = classify(facts);
    if (event.kind != EventKind::click || message.links < 2) return verdict;
    facts.other_links_within_2s = message.links - 1;
    verdict.provisional = classify(facts).rule == "link-burst";
    return verdict;
}

}  // namespace inboxpro
