#pragma once
#include "app/demo/demo_clock.h"
#include "app/serving.h"

namespace inboxpro::app {

/// Lets the demo account have sent some mail in the past week, and people and machines have reacted to it: everything
/// through the real outbox and the real intake, with the clock set back. Leaves the clock right. The server must run.
Result<void> make_history(Serving& serving, DemoClock& clock, AccountId account);

}  // namespace inboxpro::app
