#pragma once
#include <map>
#include <optional>

#include "tracking/event.h"
#include "tracking/messages.h"

namespace inboxpro {

/// What is known of one recipient, or of "one of them" together (key kAnyRecipient).
struct RecipientTally {
    std::int64_t opens_by_people = 0;    ///< human and proxy
    std::int64_t opens_by_machines = 0;  ///< scanner and bot
    std::int64_t opens_by_sender = 0;    ///< self
    std::int64_t prefetches = 0;         ///< reading unknown
    std::int64_t clicks_by_people = 0;
    std::int64_t clicks_by_machines = 0;
    std::int64_t clicks_by_sender = 0;
    std::int64_t replies = 0;
    std::int64_t bounces = 0;
    std::optional<TimePoint> first_read_at;  ///< First open or click by a person.
    std::optional<TimePoint> last_at;        ///< Last event of any kind.
};

/// replied > clicked > read > prefetched (reading unknown) > none; bounced stands apart.
enum class ReadStatus : std::uint8_t { none, prefetched, read, clicked, replied, bounced };
std::string_view name_of(ReadStatus status);
ReadStatus status_of(const RecipientTally& tally);

/// Running figures of one message, kept at intake; always equal to a recount of its events.
struct Tally {
    MessageId message;
    std::map<std::uint16_t, RecipientTally> recipients;

    ReadStatus status() const;  ///< The highest of its recipients.
    RecipientTally total() const;
};

extern const Collection kTallies;

class Tallies {
  public:
    explicit Tallies(Documents& documents) : documents_(documents) {}
    /// An empty tally when nothing was seen yet.
    Task<Result<Tally>> get(AccountId account, MessageId message);

  private:
    Documents& documents_;
};

}  // namespace inboxpro
