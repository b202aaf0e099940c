#include "tracking/intake/message_contexts.h"

#include <set>

#include "tracking/intake/run_all.h"

namespace inboxpro {
namespace {

constexpr std::size_t kMostKnown = 32'768;
constexpr std::chrono::seconds kGoodFor{10};

}  // namespace

Task<Result<void>> MessageContexts::load(std::span<const Event* const> events) {
    const auto now = clock_.steady();
    // Whoever loads at the same time relies on what it found.
    if (known_.size() > kMostKnown && loading_ == 0) known_.clear();
    Result<void> outcome;
    std::set<std::pair<MessageId, AccountId>> asked;
    std::vector<Task<void>> lookups;
    for (const auto* event : events) {
        const auto known = known_.find(event->message);
        if (known != known_.end() && now < known->second.good_until) continue;
        if (asked.emplace(event->message, event->account).second)
            lookups.push_back(look_up(event->account, event->message, outcome));
    }
    ++loading_;
    if (!lookups.empty()) co_await run_all(std::move(lookups));
    --loading_;
    co_return outcome;
}

Task<void> MessageContexts::look_up(AccountId account, MessageId message, Result<void>& outcome) {
    const auto found = co_await messages_.get(account, message);
    if (!found) {
        if (found.error().kind == ErrorKind::unavailable)
            outcome = std::unexpected(found.error());
        else
            known_.erase(message);
        co_return;
    }
    const auto now = clock_.steady();
    known_[message] = {.context = {.account = account,
                                   .sent_at = found->sent_at,
                                   .links = found->links,
                                   .people = objections_.people_of(*found)},
                       .good_until = found->state == Message::State::sent ? now + kGoodFor : now};
}

const MessageContext* MessageContexts::find(const Event& event) const {
    const auto known = known_.find(event.message);
    if (known == known_.end() || known->second.context.account != event.account) return nullptr;
    return &known->second.context;
}

}  // namespace inboxpro
