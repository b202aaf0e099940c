#pragma once
#include "http/server/message.h"
#include "mailbox/push.h"

namespace inboxpro::http {

inline constexpr std::size_t kLargestPush = 64 * 1024;

/// POST /google/push, for Google's Pub/Sub: 204 for every notice that carries a good token, 401 for a token that Google
/// did not sign, 403 for one that it signed for somebody else. Takes no cookie, so no other site can use a browser's.
void add_push_routes(Router& router, PushNotices& notices);

}  // namespace inboxpro::http
