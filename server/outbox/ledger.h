#pragma once
#include <deque>
#include <mutex>
#include <unordered_map>

#include "base/resume.h"
#include "store/documents.h"

namespace inboxpro {

/// What happened to a mail on its way; never what the mail says, nor to whom.
enum class LedgerWord : std::uint8_t {
    intent = 1,       ///< Google is about to be asked to send it.
    sent = 2,         ///< Google said that it is out.
    not_now = 3,      ///< Google clearly refused for now: nothing went out.
    refused = 4,      ///< Google clearly refused for good: nothing went out.
    gone = 5,         ///< Google said that there is no such draft.
    unclear = 6,      ///< No clear answer: it may be out.
    found = 7,        ///< Its sent copy was found in the mailbox.
    still_there = 8,  ///< Looked up: its draft is there and nothing was sent.
    missing = 9,      ///< Looked up for long enough: neither the draft nor a sent copy is there.
    cancelled = 10    ///< Its writer took it back.
};
std::string_view name_of(LedgerWord word);

struct LedgerEntry {
    RawId id;
    AccountId account;
    std::uint64_t number = 0;  ///< 1, 2, 3 ... in its account.
    MessageId message;
    std::int64_t epoch = 0;  ///< Of the claim under which it happened.
    LedgerWord word = LedgerWord::intent;
    TimePoint at;
    Bytes previous;  ///< Hash of the entry before it; empty in the first.
    Bytes hash;      ///< HMAC-SHA-256, under a fixed label, over all of the above except the id.
};

/// The hash that the entry must carry.
Bytes hash_of(const LedgerEntry& entry);

/// Collection "send_ledger": one record per entry; `account` and `number` are unique together, so that two nodes cannot
/// both continue a chain in one place.
extern const Collection kSendLedger;

/// Intents and outcomes of sending, for each account one chain in which every entry carries the hash of the one before:
/// an entry that is changed, taken out or put in between breaks it. Not seen by it alone: entries missing at its very
/// end. Thread-safe. Must outlive the loops that await it.
class Ledger {
  public:
    Ledger(Documents& documents, const Clock& clock, Random& random)
        : documents_(documents), clock_(clock), random_(random) {}

    /// Durable when it returns. Those of one account wait for each other.
    Task<Result<void>> append(AccountId account, MessageId message, std::int64_t epoch, LedgerWord word);
    /// What happened to one mail, oldest first; at most 200.
    Task<Result<std::vector<LedgerEntry>>> of_message(AccountId account, MessageId message);
    /// How many entries the account's chain has, all of them intact; `corrupt` naming the first that is not.
    Task<Result<std::uint64_t>> verify(AccountId account);

  private:
    Task<Result<void>> append_in_turn(LedgerEntry entry);
    Task<Result<std::optional<LedgerEntry>>> last_of(AccountId account);
    Task<void> wait_for_turn(AccountId account);
    void end_turn(AccountId account);

    Documents& documents_;
    const Clock& clock_;
    Random& random_;
    std::mutex mutex_;
    /// Accounts whose chain is being continued, with those who wait for their turn.
    std::unordered_map<AccountId, std::deque<std::function<void(bool)>>> waiting_;
};

}  // namespace inboxpro
