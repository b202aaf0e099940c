#pragma once
#include <deque>
#include <mutex>

#include "base/clock.h"
#include "sandbox/gmail/mail.h"

namespace inboxpro::sandbox {

/// One mail that really reached one address.
struct Delivery {
    std::uint64_t number = 0;  ///< 1, 2, 3 … in the order of delivery.
    TimePoint at{};
    std::string from;
    std::string to;
    std::string marker;      ///< The X-InboxPro-Id header, empty without one.
    std::string message_id;  ///< The Message-ID that the recipient sees.
    gmail::MailPointer mail;
};

/// Every delivery since the start: what tests count. Thread-safe.
class Ledger {
  public:
    void add(TimePoint at, std::string from, std::string to, gmail::MailPointer mail);
    /// Those after `after` that fit, at most `limit`, oldest first.
    std::vector<Delivery> after(std::uint64_t after, std::size_t limit,
                                const std::function<bool(const Delivery&)>& fits) const;

  private:
    mutable std::mutex mutex_;
    std::deque<Delivery> deliveries_;
};

}  // namespace inboxpro::sandbox
