#pragma once
#include <string>

#include "accounts/sessions.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// The browser's session. `__Host-`: only over TLS or on this machine, only for this host. Lax, because the way back
/// from Google is a navigation from another site (security QB1).
inline constexpr std::string_view kSessionCookie = "__Host-inboxpro-session";

/// Puts the session into the browser, until the browser closes; the server ends it earlier.
void give_session(Response& response, const Secret& value);
/// Takes it out again, with everything else the browser keeps of this origin.
void take_session(Response& response);

}  // namespace inboxpro::http
