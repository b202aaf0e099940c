#pragma once
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/documents.h"
#include "vault/blind_index.h"

namespace inboxpro {

/// Collection "own_traces": an id, and when. The address is in the sealed body.
extern const Collection kOwnTraces;

/// Where users were seen with their own sessions, so that what they open themselves is known as theirs, and when they
/// were last active in Gmail. Addresses are kept for a day, over restarts and for all processes; activity in this
/// process's memory only, since it matters for two minutes. Asking costs nothing: it never waits for the store.
/// Thread-safe.
class OwnTraces {
  public:
    static constexpr std::chrono::hours kKeptFor{24};
    static constexpr std::chrono::minutes kActiveFor{2};
    static constexpr std::size_t kMost = 200'000;  ///< When there are more, all are forgotten here.

    OwnTraces(Documents& documents, const BlindIndex& index, const Clock& clock)
        : documents_(documents), index_(index), clock_(clock) {}

    /// A request with a session of the account came from this address. One that is not public is not noted: it is this
    /// machine's, or a proxy's that stands before everybody. Known to know() at once; a store that does not take it
    /// makes it this process's alone.
    Task<void> note(AccountId account, std::string address);
    bool know(AccountId account, std::string_view address) const;

    /// The account's user is looking at a mail in Gmail.
    void note_in_gmail(AccountId account);
    bool was_in_gmail(AccountId account) const;

    /// Makes known here what other processes and earlier runs noted, and forgets what is too old, in the store too. To
    /// be called at the start and then now and again.
    Task<Result<void>> keep_up();

  private:
    void keep(const std::string& key, TimePoint at);
    Task<Result<void>> read_new(TimePoint now);

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, TimePoint> seen_;  ///< By account and address.
    std::unordered_map<AccountId, SteadyPoint> in_gmail_;
    TimePoint newest_;  ///< Of those in the store.
};

}  // namespace inboxpro
