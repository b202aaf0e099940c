#pragma once
#include "http/api/answer.h"
#include "http/api/idempotency.h"
#include "http/api/json_input.h"
#include "outbox/outbox.h"
#include "tracking/events.h"
#include "tracking/objections.h"
#include "tracking/tally.h"

namespace inboxpro::http {

/// /api/v1/messages: send, list, look at one mail and what was seen of it.
class MessageRoutes {
  public:
    MessageRoutes(Outbox& outbox, Messages& messages, Events& events, Tallies& tallies, Objections& objections,
                  GoogleAccess& google, Idempotency& idempotency, const Zones& zones)
        : outbox_(outbox),
          messages_(messages),
          events_(events),
          tallies_(tallies),
          objections_(objections),
          google_(google),
          idempotency_(idempotency),
          zones_(zones) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer create(Request request, Caller caller);
    Task<Result<Response>> submit(Request request, Caller caller, MessageId id);
    /// The answer for a mail that was taken under this id.
    Task<std::optional<Response>> taken(AccountId account, MessageId id);
    Answer list(Request request, Caller caller);
    Answer list_waiting(Page page, AccountId account);
    Answer change(Request request, Caller caller);
    Answer attempts(Request request, Caller caller);
    Answer show(Request request, Caller caller);
    Answer events(Request request, Caller caller);
    Answer subject(Request request, Caller caller);
    Answer cancel(Request request, Caller caller);
    Answer send_now(Request request, Caller caller);

    Task<Result<boost::json::object>> shown(Message message);
    Task<Result<boost::json::object>> shown(Message message, std::optional<Send> send);

    Outbox& outbox_;
    Messages& messages_;
    Events& events_;
    Tallies& tallies_;
    Objections& objections_;
    GoogleAccess& google_;
    Idempotency& idempotency_;
    const Zones& zones_;
};

}  // namespace inboxpro::http
