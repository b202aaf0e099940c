#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_set>

#include "tracking/messages.h"
#include "vault/blind_index.h"

namespace inboxpro {

/// Collection "objections": an id, and when. Says of nobody who it is.
extern const Collection kObjections;

/// Who must not be tracked, whoever of this installation writes: people, by a keyed hash of their address, and single
/// mails to several people of whom one objected without saying which. An objection holds for good, and for mail that is
/// out already. Kept in memory, so that asking costs nothing; other processes' are known a quarter of a second after
/// they were stored. Thread-safe.
class Objections {
  public:
    using People = std::shared_ptr<const std::vector<RawId>>;

    Objections(Documents& documents, const BlindIndex& index, const Clock& clock)
        : documents_(documents), index_(index), clock_(clock) {}

    /// An address as it is known here.
    RawId person(std::string_view address) const;
    People people_of(const Message& message) const;

    /// Durable, and known to silence(), when it returns. Repeating it is harmless.
    Task<Result<void>> object(RawId person);
    /// Against whatever the mail reports, of any of its recipients.
    Task<Result<void>> object(MessageId message) { return object(message.raw); }

    /// Makes the others' objections known here; asks the store at most four times a second. `unavailable` when it could
    /// not: then nothing may be written.
    Task<Result<void>> catch_up();
    bool holds(RawId person) const;
    /// Whether an event must not be written: the recipient objects or, where `recipient` is empty, may be one who does.
    bool silence(MessageId message, std::optional<std::uint16_t> recipient, const std::vector<RawId>& people) const;
    /// Whether nothing is written of any of the message's recipients any more.
    bool silence(const Message& message) const;
    bool empty() const { return size_.load(std::memory_order_acquire) == 0; }

    /// A durable write that says nothing, so that an event that is not stored is answered no sooner than one that is.
    Task<void> take_as_long_as_storing();

  private:
    static constexpr std::chrono::milliseconds kFreshFor{250};

    void note(RawId who, TimePoint at);

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
    std::atomic<std::size_t> size_ = 0;
    mutable std::shared_mutex mutex_;
    std::unordered_set<RawId> all_;
    TimePoint newest_;
    std::optional<SteadyPoint> caught_up_at_;
};

}  // namespace inboxpro
