#pragma once
#include "base/secret.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// Both cookies are `__Host-`: only over TLS or on this machine, only for this host, and no script sees them. Lax,
/// because the way back from Google is a navigation from another site (security QB1).
inline constexpr std::string_view kSessionCookie = "__Host-inboxpro-session";
/// Ties a sign-in that is under way at Google to the browser that began it.
inline constexpr std::string_view kSignInCookie = "__Host-inboxpro-sign-in";

/// Puts a cookie into the browser until it closes; the server ends its validity earlier.
void give_cookie(Response& response, std::string_view name, const Secret& value);
void take_cookie(Response& response, std::string_view name);
/// Ends a session in the browser, with everything else the browser keeps of this origin.
void clear_site(Response& response);

}  // namespace inboxpro::http
