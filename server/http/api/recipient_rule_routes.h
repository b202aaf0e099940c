#pragma once
#include "consent/recipient_rules.h"
#include "http/api/answer.h"
#include "http/api/idempotency.h"

namespace inboxpro::http {

/// /api/v1/recipient-rules: whom an account never tracks, modes of domains, and who agreed.
class RecipientRuleRoutes {
  public:
    RecipientRuleRoutes(RecipientRules& rules, Idempotency& idempotency) : rules_(rules), idempotency_(idempotency) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer list(Request request, Caller caller);
    Answer create(Request request, Caller caller);
    Answer lay_down(Request request, AccountId account);
    Answer remove(Request request, Caller caller);

    RecipientRules& rules_;
    Idempotency& idempotency_;
};

}  // namespace inboxpro::http
