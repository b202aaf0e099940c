#pragma once
#include <optional>
#include <string>
#include <vector>

#include "accounts/tracking_mode.h"
#include "store/documents.h"
#include "vault/blind_index.h"

namespace inboxpro {

using RuleId = Id<struct RecipientRuleTag>;

/// What an account has laid down about a recipient, or about all of a domain.
struct RecipientRule {
    enum class Kind : std::uint8_t {
        never = 1,   ///< Never track this address or domain.
        domain = 2,  ///< A mode of its own for a domain.
        consent = 3  ///< This address agreed to be tracked.
    };

    RuleId id;
    AccountId account;
    Kind kind = Kind::never;
    std::string subject;                    ///< "ada@example.org", or a domain: "example.org", "de".
    TrackingMode mode = TrackingMode::off;  ///< Of a domain.
    std::string note = {};                  ///< How and when somebody agreed, in the user's words.
    TimePoint created_at = {};
};

std::string_view name_of(RecipientRule::Kind kind);  ///< "never", "domain", "consent"
std::optional<RecipientRule::Kind> rule_kind_named(std::string_view name);

/// An address or domain as rules hold it; `invalid`, with the field "subject", for what this kind of rule cannot be
/// about. A domain may be written "@example.org" or "example.org.", and may be a country's ending, such as "de".
Result<std::string> rule_subject(RecipientRule::Kind kind, std::string_view text);

/// "mail.example.org", "example.org", "org": what rules about domains may say, the narrowest first.
std::vector<std::string> domains_of(std::string_view address);

/// Collection "recipient_rules".
extern const Collection kRecipientRules;

/// The rules of accounts. There is one of a kind about a subject. Thread-safe.
class RecipientRules {
  public:
    RecipientRules(Documents& documents, const BlindIndex& index, const Clock& clock)
        : documents_(documents), index_(index), clock_(clock) {}

    /// Replaces what there was about the subject; id and time are given here.
    Task<Result<RecipientRule>> put(RecipientRule rule);
    Task<Result<std::optional<RecipientRule>>> find(AccountId account, RecipientRule::Kind kind, std::string subject);
    /// In the order of their making, at most `limit`, from behind `after`.
    Task<Result<std::vector<RecipientRule>>> list(AccountId account, RecipientRule::Kind kind, std::size_t limit,
                                                  std::optional<RuleId> after);
    /// `not_found` when the account has no such rule.
    Task<Result<void>> remove(AccountId account, RuleId id);
    /// All that is laid down about one address.
    Task<Result<std::vector<RecipientRule>>> about(AccountId account, std::string address);

  private:
    RuleId id_of(AccountId account, RecipientRule::Kind kind, std::string_view subject) const;

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
};

}  // namespace inboxpro
