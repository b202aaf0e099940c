#pragma once
#include <string>
#include <vector>

#include "base/id.h"
#include "base/task.h"

namespace inboxpro {

/// Something that happened in a user's mailbox. Ids and labels are Gmail's; the message may be gone by now.
struct MailboxChange {
    enum class Kind : std::uint8_t {
        added,
        deleted,
        label_added,
        label_removed,
        /// Gmail no longer knows what happened since the last look. The recent messages of inbox and sent mail follow
        /// as `added`, newest first, known ones among them, each with the one label under which it was found. What was
        /// deleted or labelled meanwhile is not told: look after what you keep. Ids and labels are empty.
        gap
    };
    Kind kind = Kind::added;
    std::string message_id;
    std::string thread_id;
    std::vector<std::string> labels;  ///< Of the message, where Gmail says so; often empty.
};

/// A capability that wants to know what happens in mailboxes.
class MailboxListener {
  public:
    virtual ~MailboxListener() = default;

    /// `changes` of one account, at least one, oldest first (after a gap: see there). Told at least once and in order:
    /// after an error, here or with another listener, all of them come again, so the second time must do no harm.
    /// An error holds up this account's following for every listener; report none that repeating cannot cure.
    virtual Task<Result<void>> changed(AccountId account, std::vector<MailboxChange> changes) = 0;
};

}  // namespace inboxpro
