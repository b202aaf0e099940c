#pragma once
#include <functional>

#include "mailbox/listener.h"
#include "outbox/send.h"

namespace inboxpro {

/// Ends the wait of sends whose outcome is unknown as soon as their user's mailbox shows something that may settle it:
/// a sent copy, or a message that vanished as a sent draft does. Only brings the next look-up forward; what is made of
/// it is the outbox's rule. A send that waits for its hour is left alone: its own look before sending finds a vanished
/// draft.
class OutboxMailboxListener final : public MailboxListener {
  public:
    /// `work_is_due` is called when a look-up was brought forward.
    OutboxMailboxListener(Sends& sends, const Clock& clock, std::function<void()> work_is_due)
        : sends_(sends), clock_(clock), work_is_due_(std::move(work_is_due)) {}

    Task<Result<void>> changed(AccountId account, std::vector<MailboxChange> changes) override;

  private:
    Sends& sends_;
    const Clock& clock_;
    std::function<void()> work_is_due_;
};

}  // namespace inboxpro
