#pragma once
#include "sandbox/calls.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {

/// The sandbox's front page, and /mail/{address}: lists, a page for each mail, its body in a frame without script, its
/// attachments. Images are loaded and links lead out, as in any webmail. Reading a mail takes its UNREAD label away.
void add_webmail_routes(Calls& calls, Users& users);

}  // namespace inboxpro::sandbox
