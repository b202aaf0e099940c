#pragma once
#include "accounts/disconnect.h"
#include "accounts/sign_in.h"
#include "http/api/answer.h"
#include "http/api/idempotency.h"
#include "mailbox/mailbox.h"
#include "outbox/outbox.h"

namespace inboxpro::http {

/// /api/v1/account and /api/v1/session/end: who is signed in, settings, permissions, sessions, API tokens, leaving.
class AccountRoutes {
  public:
    AccountRoutes(Accounts& accounts, SignIn& sign_in, Sessions& sessions, ApiTokens& tokens, Disconnect& disconnect,
                  Outbox& outbox, Mailboxes& mailboxes, const Clock& clock, Idempotency& idempotency)
        : accounts_(accounts),
          sign_in_(sign_in),
          sessions_(sessions),
          tokens_(tokens),
          disconnect_(disconnect),
          outbox_(outbox),
          mailboxes_(mailboxes),
          clock_(clock),
          idempotency_(idempotency) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer described(Account account);
    Answer show(Request request, Caller caller);
    Answer change(Request request, Caller caller);
    /// Begins a consent in this browser, so an API token cannot ask for it.
    Answer ask_permission(Request request, Caller caller);
    /// Ends a permission that is wider than needed, and begins the consent to what is left.
    Answer give_back(Request request, Caller caller);
    Answer to_google(AccountId account, std::string feature);
    Answer disconnect(Request request, Caller caller);
    Answer list_sessions(Request request, Caller caller);
    Answer end_session(Request request, Caller caller);
    Answer list_tokens(Request request, Caller caller);
    Answer create_token(Request request, Caller caller);
    Answer issue_token(Request request, Caller caller);
    Answer revoke_token(Request request, Caller caller);
    Answer list_senders(Request request, Caller caller);
    Answer sign_out(Request request, Caller caller);

    Accounts& accounts_;
    SignIn& sign_in_;
    Sessions& sessions_;
    ApiTokens& tokens_;
    Disconnect& disconnect_;
    Outbox& outbox_;
    Mailboxes& mailboxes_;
    const Clock& clock_;
    Idempotency& idempotency_;
    SystemZones zones_;
};

}  // namespace inboxpro::http
