#pragma once
#include "consent/consents.h"
#include "http/api/answer.h"
#include "http/api/idempotency.h"
#include "tracking/messages.h"
#include "tracking/token.h"

namespace inboxpro::http {

/// /api/v1/tracking, for the extension: makes pixel and links for a mail that Gmail itself sends. Content-free: no
/// subject and no body comes here, and link targets go back sealed without being stored.
class TrackingApiRoutes {
  public:
    struct Settings {
        std::string tracking_origin;
        AddressPolicy address_policy = AddressPolicy::truncated;
        /// Told that an account's user is looking at a mail in Gmail; may be empty.
        std::function<void(AccountId)> viewed = {};
        /// Told of a message of which something became known that may change what its events mean; may be empty.
        std::function<void(AccountId, MessageId)> look_again = {};
    };
    TrackingApiRoutes(Settings settings, Accounts& accounts, Consents& consents, Messages& messages,
                      Idempotency& idempotency, const TokenSealer& sealer, const Clock& clock, Random& random)
        : settings_(std::move(settings)),
          accounts_(accounts),
          consents_(consents),
          messages_(messages),
          idempotency_(idempotency),
          sealer_(sealer),
          clock_(clock),
          random_(random) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer create(Request request, Caller caller);
    Answer prepare(Request request, AccountId account);
    Answer sent(Request request, Caller caller);
    Answer discard(Request request, Caller caller);
    /// The sender is looking at the message, so that the open which this makes is not a reader's.
    Answer viewing(Request request, Caller caller);
    boost::json::array links_of(const Message& message, const std::vector<std::string>& urls, int& tracked) const;

    Settings settings_;
    Accounts& accounts_;
    Consents& consents_;
    Messages& messages_;
    Idempotency& idempotency_;
    const TokenSealer& sealer_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace inboxpro::http
