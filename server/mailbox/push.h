#pragma once
#include <string>

#include "accounts/google_keys.h"
#include "mailbox/follower.h"

namespace inboxpro {

/// Notices that Google's Pub/Sub pushes to us when a watched mailbox changed. Each is a hint and no more: a lost, late
/// or repeated one changes only when the mailbox is looked at. Thread-safe. Keeps references to what it is built from.
class PushNotices {
  public:
    struct Settings {
        std::string audience;         ///< As the operator wrote it into the subscription.
        std::string service_account;  ///< Address of the account that Pub/Sub signs as.
    };

    PushNotices(Settings settings, GoogleKeys& keys, Follower& follower, Accounts& accounts)
        : settings_(std::move(settings)), keys_(keys), follower_(follower), accounts_(accounts) {}

    /// `token` from the Authorization header, `body` as Pub/Sub posts it. Success also when the notice is unreadable,
    /// its account is not here or the hint could not be noted: sending it again would help nobody. `invalid`: Google
    /// did not sign the token; `denied`: Google signed it for somebody else; `rate_limited`, `unavailable`: Google's
    /// keys cannot be had now.
    Task<Result<void>> take(Secret token, std::string body);

  private:
    const Settings settings_;
    GoogleKeys& keys_;
    Follower& follower_;
    Accounts& accounts_;
};

/// What a notice says.
struct PushNotice {
    std::string email;
    std::uint64_t history_id = 0;  ///< 0 when it has none that can be read.
};
/// {"message":{"data":base64 of {"emailAddress","historyId"}}}, the id as a number or as a text. `invalid` otherwise.
Result<PushNotice> read_push_notice(std::string_view body);

}  // namespace inboxpro
