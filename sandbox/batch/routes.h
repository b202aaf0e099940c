#pragma once
#include "base/random.h"
#include "sandbox/calls.h"

namespace inboxpro::sandbox {

/// POST /batch (Gmail or People) and /batch/gmail/v1, /batch/calendar/v3, /batch/people/v1: at most 100 calls in one
/// request, all of one API, run at the same time, each as if it had come alone. When the answer of one is lost on
/// purpose, that of the batch is.
void add_batch_routes(Calls& calls, const http::Router& inner, const CallGates& gates, Random& random);

}  // namespace inboxpro::sandbox
