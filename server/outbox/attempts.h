#pragma once
#include <mutex>
#include <unordered_map>

#include "outbox/rules.h"

namespace inboxpro {

/// Since when this node has known of each attempt whose outcome is open, by its own steady clock: clocks of several
/// nodes need not agree, and one may be set while an attempt is under way. Of an attempt that another node made, or
/// this one before it was started again, a request may be alive for a whole lease after it was first seen; of an own
/// one for the quiet time after its call ended. In memory only. Thread-safe.
class Attempts {
  public:
    /// An attempt is the claim with this epoch.
    Watched watched(const Send& send, SteadyPoint now);
    /// The call of the attempt ended here, now, and it is not clear how.
    void ended(const Send& send, SteadyPoint now);
    void forget(MessageId id);

  private:
    struct Known {
        std::int64_t epoch = 0;
        SteadyPoint since;
        SteadyPoint alive_until;
    };

    std::mutex mutex_;
    std::unordered_map<MessageId, Known> known_;
};

}  // namespace inboxpro
