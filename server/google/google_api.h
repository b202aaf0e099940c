#pragma once
#include "google/calendar_api.h"
#include "google/gmail_api.h"
#include "google/methods.h"
#include "google/oauth_api.h"
#include "google/people_api.h"

namespace inboxpro {

/// The door to Google. Every call is one request with a deadline; nothing is repeated in here, because what may be
/// repeated is for the caller to know. Errors (google/errors.h says what to do about each):
/// `denied`        the grant is dead or lacks the permission (detail starts with "invalid_grant" or names the reason);
///                 401 is `denied` with detail "authError": refresh once;
/// `rate_limited`  with retry_after when Google says when;
/// `not_found`, `conflict`, `invalid`  as Google's 404, 409/412, 400: the call had no effect;
/// `unavailable`   anything else, and then the effect is unknown.
/// Thread-safe; resumes on the executor that awaits. A call whose awaiting coroutine is cancelled is dropped, and its
/// effect is unknown then.
class GoogleApi : public OauthApi, public GmailApi, public CalendarApi, public PeopleApi {};

}  // namespace inboxpro
