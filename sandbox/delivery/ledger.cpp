#include "sandbox/delivery/ledger.h"

namespace inboxpro::sandbox {

void Ledger::add(TimePoint at, std::string from, std::string to, gmail::MailPointer mail) {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back({.number = deliveries_.size() + 1,
                           .at = at,
                           .from = std::move(from),
                           .to = std::move(to),
                           .marker = std::string(mail->envelope.header("X-InboxPro-Id")),
                           .message_id = mail->envelope.message_id,
                           .mail = std::move(mail)});
}

std::vector<Delivery> Ledger::after(std::uint64_t after, std::size_t limit,
                                    const std::function<bool(const Delivery&)>& fits) const {
    const std::lock_guard lock(mutex_);
    std::vector<Delivery> found;
    for (auto number = after; number < deliveries_.size() && found.size() < limit; ++number)
        if (fits(deliveries_[number])) found.push_back(deliveries_[number]);
    return found;
}

}  // namespace inboxpro::sandbox
