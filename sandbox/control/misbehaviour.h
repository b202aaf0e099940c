#pragma once
#include "base/task.h"
#include "sandbox/calls.h"
#include "sandbox/control/faults.h"

namespace inboxpro::sandbox {

/// Serves a call as the fault wants it. `call` must live until the answer.
Task<http::Response> misbehave(Hit hit, const GoogleCall& call, const CallGates& gates, User* user,
                               http::Request request);

}  // namespace inboxpro::sandbox
