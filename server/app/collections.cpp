#include "app/collections.h"

#include "accounts/account.h"
#include "accounts/api_tokens.h"
#include "accounts/sessions.h"
#include "http/api/idempotency.h"
#include "outbox/send.h"
#include "store/key_ring.h"
#include "tracking/events.h"
#include "tracking/messages.h"
#include "tracking/tally.h"

namespace inboxpro::app {

std::vector<const Collection*> all_collections() {
    return {&kAccountKeys,          &kAccounts, &kSessions, &kApiTokens, &kMessages, &kEvents, &kTallies, &kSends,
            &http::kIdempotencyKeys};
}

}  // namespace inboxpro::app
