#include "outbox/mailbox_listener.h"

#include <algorithm>

namespace inboxpro {
namespace {

/// More unknown sends than this in one account wait out their time.
constexpr std::size_t kMostBroughtForward = 50;

bool may_settle_a_send(const MailboxChange& change) {
    const bool sent = std::ranges::find(change.labels, "SENT") != change.labels.end();
    switch (change.kind) {
        case MailboxChange::Kind::added: return sent || change.labels.empty();
        case MailboxChange::Kind::deleted:
        case MailboxChange::Kind::gap: return true;
        case MailboxChange::Kind::label_added:
        case MailboxChange::Kind::label_removed: break;
    }
    return false;
}

}  // namespace

Task<Result<void>> OutboxMailboxListener::changed(AccountId account, std::vector<MailboxChange> changes) {
    if (std::ranges::none_of(changes, may_settle_a_send)) co_return Result<void>{};
    const auto now = clock_.now();
    bool forward = false;
    for (auto& send : CO_TRY(co_await sends_.in_state(account, SendState::unknown, kMostBroughtForward))) {
        if (send.due_at <= now) continue;
        send.due_at = now;
        // Whoever was faster is looking it up already.
        forward |= (co_await sends_.update(std::move(send))).has_value();
    }
    if (forward && work_is_due_) work_is_due_();
    co_return Result<void>{};
}

}  // namespace inboxpro
