#pragma once
#include <optional>
#include <set>
#include <string>

#include "accounts/sending_rules.h"
#include "accounts/tracking_mode.h"
#include "google/google_api.h"
#include "store/documents.h"
#include "vault/blind_index.h"

namespace inboxpro {

/// A person who linked a Google account. Name and address are all that is kept of the person.
struct Account {
    enum class State : std::uint8_t { active = 1, reconnect_needed = 2, disconnected = 3 };

    AccountId id;
    std::uint64_t version = 0;
    State state = State::active;
    std::string email;
    std::string name;
    std::string google_subject;  ///< Google's stable user key; the address may change. Empty before linking.
    TrackingMode tracking_mode = TrackingMode::off;
    std::string notice_version;  ///< Of the notice that was accepted, and when:
    std::optional<TimePoint> notice_accepted_at;
    std::set<std::string> scopes;  ///< What Google granted.
    std::optional<Secret> refresh_token;
    /// When Google ends the grant by itself; as a rule it does not. Seven days after consent to an app in Testing.
    std::optional<TimePoint> grant_ends_at = {};
    TimePoint created_at;
    std::chrono::seconds undo{10};        ///< In which a mail sent from the dashboard can be taken back; 0: none.
    std::chrono::minutes late_after{60};  ///< How late a mail may go out without asking.
    bool shows_opt_out = false;           ///< Tracked mail says so at its end, with a link by which to object.
    SendingRules sending = {};
};

/// How the accounts of an installation stand with Google.
struct AccountsHealth {
    std::size_t active = 0;
    std::size_t reconnect_needed = 0;
    std::size_t ending = 0;              ///< Active ones whose grant ends by itself.
    std::size_t reading_mail = 0;        ///< Active ones whose users let delivery reports be read.
    std::optional<AccountId> an_active;  ///< Any that is linked.
};

extern const Collection kAccounts;

std::string_view name_of(Account::State state);  ///< "active", "reconnect_needed", "disconnected"

class Accounts {
  public:
    /// Some accounts, and where the others are; empty behind the last.
    struct Step {
        std::vector<AccountId> accounts;
        std::optional<Query::Position> next;
    };

    Accounts(Documents& documents, KeyRing& keys, const BlindIndex& index, const Clock& clock, Random& random)
        : documents_(documents), keys_(keys), index_(index), clock_(clock), random_(random) {}

    /// Makes the data key and the record; id and time of making are given here. `conflict` when the subject or the
    /// address is taken.
    Task<Result<Account>> create(Account account);
    Task<Result<Account>> get(AccountId id);
    Task<Result<Account>> by_subject(std::string google_subject);
    Task<Result<Account>> by_email(std::string email);
    /// Walks all accounts, and opens those that are active until one is linked.
    Task<Result<AccountsHealth>> health();
    /// Walks all active accounts in bounded steps; `after` is empty at the first, then the last step's `next`.
    Task<Result<Step>> active(std::optional<Query::Position> after);
    /// The same with accounts in every state.
    Task<Result<Step>> all(std::optional<Query::Position> after);
    /// Compare-and-set on `account.version`; returns it with the new version.
    Task<Result<Account>> update(Account account);

  private:
    Document document_of(const Account& account) const;
    Task<Result<Step>> walk(std::optional<Query::Position> after, bool only_active);

    Documents& documents_;
    KeyRing& keys_;
    const BlindIndex& index_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace inboxpro
