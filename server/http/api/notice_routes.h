#pragma once
#include <boost/json/object.hpp>

#include "http/api/answer.h"
#include "outbox/outbox.h"

namespace inboxpro::http {

boost::json::object notice_json(const Notice& notice);

/// /api/v1/notices: what went wrong and its user is told once.
class NoticeRoutes {
  public:
    explicit NoticeRoutes(Outbox& outbox) : outbox_(outbox) {}

    /// Keeps references to this object, which must outlive the router.
    void add_to(Router& router, Gate& gate);

  private:
    Answer list(Request request, Caller caller);
    Answer dismiss(Request request, Caller caller);
    Answer dismiss_all(Request request, Caller caller);

    Outbox& outbox_;
};

}  // namespace inboxpro::http
