#pragma once
#include "accounts/account.h"
#include "consent/recipient_rules.h"
#include "tracking/mentions.h"
#include "tracking/objections.h"

namespace inboxpro {

/// How things stand with one recipient.
struct Standing {
    bool objects = false;                          ///< Wants to be tracked by nobody here.
    bool never = false;                            ///< On the account's never-track list, or the domain is.
    std::optional<TrackingMode> domain_mode = {};  ///< Of the narrowest domain that has one.
    bool consented = false;
};

/// Why a mail to this recipient is not tracked; empty when it may be. The first that holds of: account_off, opted_out,
/// never_track, domain_off, no_consent. An account that is off stays off, whatever a domain's mode says.
std::string_view why_not_tracked(TrackingMode account, const Standing& recipient);

/// Decides, when a mail is prepared, whether its recipients let it be tracked. Thread-safe.
class Consents {
  public:
    Consents(Documents& documents, const BlindIndex& index, Objections& objections, const Clock& clock)
        : objections_(objections), mentions_(documents, index), rules_(documents, index, clock) {}

    /// Before the message is stored: notes whom it names, and sets `not_tracked_because`. One recipient who must not be
    /// tracked keeps the whole mail untracked, because all get the same.
    Task<Result<void>> prepare(Account account, Message& message);
    Task<Result<Standing>> standing(AccountId account, std::string address);

    RecipientRules& rules() { return rules_; }
    Mentions& mentions() { return mentions_; }
    Objections& objections() { return objections_; }

  private:
    Objections& objections_;
    Mentions mentions_;
    RecipientRules rules_;
};

}  // namespace inboxpro
