#pragma once
#include <vector>

#include "store/documents.h"
#include "vault/blind_index.h"

namespace inboxpro {

using SessionId = Id<struct SessionTag>;

/// A browser in which somebody is signed in.
struct Session {
    SessionId id;  ///< A keyed hash of the value that the browser holds: names the session, cannot be used as it.
    AccountId account;
    TimePoint created_at;
    TimePoint last_seen_at;  ///< Right to a minute.
};

extern const Collection kSessions;

struct SessionLimits {
    std::chrono::minutes idle{15};           ///< Without a request.
    std::chrono::minutes absolute{12 * 60};  ///< Whatever happens.
};

/// Sessions of the dashboard (security QB1-QB3). The value is 256 random bits and exists only in the browser. What is
/// stored is useless without the index key. Thread-safe.
class Sessions {
  public:
    struct Opened {
        Secret value;  ///< For the cookie; base64url.
        Session session;
    };

    Sessions(Documents& documents, const BlindIndex& index, const Clock& clock, Random& random,
             SessionLimits limits = {})
        : documents_(documents), index_(index), clock_(clock), random_(random), limits_(limits) {}

    /// A new session with a value never used before. Also clears away what ended long ago.
    Task<Result<Opened>> open(AccountId account);
    /// `denied` when there is no such session or its time is over; otherwise counts as activity.
    Task<Result<Session>> find(Secret value);
    /// Those that are still good, newest first.
    Task<Result<std::vector<Session>>> list(AccountId account);
    /// `not_found` when the account has no such session.
    Task<Result<void>> end(AccountId account, SessionId session);
    Task<Result<void>> end_all(AccountId account);

  private:
    bool is_over(const Session& session) const;
    Task<void> note_activity(Document document);

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
    Random& random_;
    const SessionLimits limits_;
};

}  // namespace inboxpro
