#include "app/collections.h"

#include "accounts/account.h"
#include "accounts/api_tokens.h"
#include "accounts/sessions.h"
#include "accounts/sign_in.h"
#include "consent/recipient_rules.h"
#include "http/api/idempotency.h"
#include "mailbox/mailbox.h"
#include "outbox/ledger.h"
#include "outbox/notices.h"
#include "outbox/send.h"
#include "store/key_ring.h"
#include "tracking/events.h"
#include "tracking/fold.h"
#include "tracking/mentions.h"
#include "tracking/messages.h"
#include "tracking/objections.h"
#include "tracking/own_traces.h"
#include "tracking/tally.h"

namespace inboxpro::app {

std::vector<const Collection*> all_collections() {
    return {&kAccountKeys, &kAccounts,   &kSessions,       &kApiTokens,   &kSignIns,
            &kMailboxes,   &kMessages,   &kEvents,         &kTallies,     &kMentions,
            &kObjections,  &kOwnTraces,  &kRecipientRules, &kSends,       &kSendDays,
            &kReplans,     &kSendLedger, &kNotices,        &kFoldCursors, &http::kIdempotencyKeys};
}

}  // namespace inboxpro::app
