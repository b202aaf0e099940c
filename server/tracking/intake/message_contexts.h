#pragma once
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "tracking/event.h"
#include "tracking/messages.h"
#include "tracking/objections.h"

namespace inboxpro {

/// What judging an event needs to know of its message.
struct MessageContext {
    AccountId account;
    std::optional<TimePoint> sent_at;
    int links = 0;
    Objections::People people;  ///< Its recipients, as Objections knows them.
};

/// Messages as the recorder sees them: those that were sent are remembered for a while, all others are looked up for
/// every batch, so that a discarded one is noticed at once. For one thread, on which several may load at a time.
class MessageContexts {
  public:
    MessageContexts(Documents& documents, const Objections& objections, const Clock& clock)
        : messages_(documents), objections_(objections), clock_(clock) {}

    /// Makes find() know the messages of these events. `unavailable` when one could not be looked up.
    Task<Result<void>> load(std::span<const Event* const> events);
    /// Null when the message is gone or belongs to another account than the event says. To be asked when load() has
    /// returned, before anything else runs.
    const MessageContext* find(const Event& event) const;
    void forget(MessageId message) { known_.erase(message); }

  private:
    struct Known {
        MessageContext context;
        SteadyPoint good_until;
    };
    Task<void> look_up(AccountId account, MessageId message, Result<void>& outcome);

    Messages messages_;
    const Objections& objections_;
    const Clock& clock_;
    std::unordered_map<MessageId, Known> known_;
    int loading_ = 0;  ///< Calls of load() that wait for the store.
};

}  // namespace inboxpro
