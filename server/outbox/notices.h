#pragma once
#include <optional>
#include <string>
#include <vector>

#include "outbox/send.h"

namespace inboxpro {

/// Something that went wrong with a mail, or with all mail of an account, and that its user is told once.
struct Notice {
    RawId id;
    AccountId account;
    std::uint64_t version = 0;
    std::optional<MessageId> message;  ///< Empty: it concerns the account's mail as a whole.
    std::int64_t epoch = 0;            ///< Of its mail when it happened; with `message`.
    Send::Problem problem;
    TimePoint at;
    bool is_open = true;  ///< Until its user dismisses it, or its cause is over.
};

/// Collection "notices".
extern const Collection kNotices;

/// Whether the problem is the account's, so that it is told once and not for each mail that meets it.
bool is_of_account(const Send::Problem& problem);

/// What users are told. The id of a notice is made of what it tells, so that it is told once however many processes
/// come upon it, and however often. Thread-safe.
class Notices {
  public:
    Notices(Documents& documents, const Clock& clock) : documents_(documents), clock_(clock) {}

    /// Tells of `send.problem`, which must be there; whether that is news. A mail may have the same problem anew under
    /// a later epoch. An account has one notice: what it tells changes when the problem becomes another.
    Task<Result<bool>> tell(Send send);
    /// Open ones, the newest first; `after` continues behind that one.
    Task<Result<std::vector<Notice>>> open(AccountId account, std::size_t limit, std::optional<RawId> after);
    /// Its user has seen it, or its cause is over. `not_found`.
    Task<Result<void>> close(AccountId account, RawId id);
    /// Google let a mail of the account through that was begun then: what was told of the account before is over, and
    /// would be news again.
    Task<Result<void>> account_is_well(AccountId account, TimePoint since);

  private:
    Task<Result<bool>> change(Notice known, Notice told);
    Task<void> forget_old(AccountId account);

    Documents& documents_;
    const Clock& clock_;
};

}  // namespace inboxpro
