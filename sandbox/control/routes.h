#pragma once
#include <boost/json/value.hpp>

#include "sandbox/api/quota.h"
#include "sandbox/calls.h"
#include "sandbox/clock.h"
#include "sandbox/control/faults.h"
#include "sandbox/delivery/ledger.h"
#include "sandbox/delivery/post_office.h"
#include "sandbox/delivery/pubsub.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {

/// What the control routes reach; everything outlives the router.
struct Controls {
    SandboxClock& clock;
    Users& users;
    const Ledger& ledger;
    Faults& faults;
    Quota& quota;
    Crowd& crowd;
    CallLog& log;
    PostOffice& post_office;
    PubSub& pubsub;
    const Notices& notices;
};

/// /_sandbox/deliveries, /faults, /clock, /users and /calls; described at the top of sandbox.h. Errors are the
/// product's own {"error":{"code","message","field"?}}.
void add_control_routes(Calls& calls, Controls controls);
/// /_sandbox/quota, /pubsub, /senders, /drafts and /history.
void add_mailbox_control_routes(Calls& calls, Controls controls);

http::Response control_answer(int status, const boost::json::value& body);

}  // namespace inboxpro::sandbox
