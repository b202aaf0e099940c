#pragma once
#include "analytics/feed.h"
#include "analytics/summary.h"
#include "http/api/answer.h"
#include "outbox/outbox.h"

namespace inboxpro::http {

/// /api/v1/reports, /api/v1/feed and /api/v1/events.csv.
class ReportRoutes {
  public:
    ReportRoutes(Reports& reports, Feed& feed, Events& events, Messages& messages, Outbox& outbox, const Clock& clock)
        : reports_(reports), feed_(feed), events_(events), messages_(messages), outbox_(outbox), clock_(clock) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer summary(Request request, Caller caller);
    Answer feed(Request request, Caller caller);
    Answer csv(Request request, Caller caller);
    Task<void> stream_feed(BodyStream& stream, AccountId account, std::optional<EventId> last_seen, std::size_t recent);
    Task<void> stream_csv(BodyStream& stream, AccountId account, TimePoint from, TimePoint to);
    Task<std::string> activity(const JudgedEvent& event);
    using NoticePosition = std::pair<TimePoint, RawId>;
    /// What its user was told after `last`, which moves on.
    Task<std::string> fresh_notices(AccountId account, NoticePosition& last);

    Reports& reports_;
    Feed& feed_;
    Events& events_;
    Messages& messages_;
    Outbox& outbox_;
    const Clock& clock_;
};

}  // namespace inboxpro::http
