#pragma once
#include "http/server/message.h"
#include "tracking/intake.h"
#include "tracking/own_traces.h"
#include "tracking/token.h"

namespace inboxpro::http {

/// The two public routes of the tracking origin: GET and HEAD of /o/{token}.gif and /c/{token}. A pixel always answers
/// with the same image, whatever its token; a link leads where its token says, or is a plain 404. Neither needs
/// anything but the token to answer. Keeps references to `intake`, `traces` and `sealer`, which must outlive the
/// router.
void add_tracking_routes(Router& router, Intake& intake, const OwnTraces& traces, const TokenSealer& sealer);

}  // namespace inboxpro::http
