#pragma once
#include <set>
#include <vector>

#include "store/documents.h"
#include "tracking/event.h"

namespace inboxpro {

extern const Collection kEvents;

struct JudgedEvent {
    Event event;
    Verdict verdict;
};

/// What was seen of the messages of one account. A message of another account gives `not_found`.
class Events {
  public:
    explicit Events(Documents& documents) : documents_(documents) {}
    /// Oldest first, from behind `after`.
    Task<Result<std::vector<JudgedEvent>>> of_message(AccountId account, MessageId message, std::size_t limit,
                                                      std::optional<EventId> after);
    /// All of the account, newest first, from behind `after`: feed and CSV.
    Task<Result<std::vector<JudgedEvent>>> latest(AccountId account, std::size_t limit, std::optional<EventId> after);
    /// Messages of the account's newest events, those of its last minute with any.
    Task<Result<std::set<MessageId>>> lately_seen(AccountId account);
    /// Those of a message that are this recipient's, or may be: of "one of several". Recount the message afterwards.
    Task<Result<void>> erase_of_recipient(AccountId account, MessageId message, std::uint16_t recipient);

  private:
    Documents& documents_;
};

}  // namespace inboxpro
