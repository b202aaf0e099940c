#pragma once
#include "sandbox/api/quota.h"
#include "sandbox/calls.h"
#include "sandbox/clock.h"
#include "sandbox/control/faults.h"
#include "sandbox/delivery/ledger.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {

/// What the control routes reach; everything outlives the router.
struct Controls {
    SandboxClock& clock;
    Users& users;
    const Ledger& ledger;
    Faults& faults;
    Quota& quota;
};

/// /_sandbox/deliveries, /faults, /clock, /quota and /users; described at the top of sandbox.h. Errors are the
/// product's own
/// {"error":{"code","message","field"?}}.
void add_control_routes(Calls& calls, Controls controls);

}  // namespace inboxpro::sandbox
