#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "http/server/message.h"
#include "sandbox/oauth/routes.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {

struct SandboxOptions {
    std::string origin = "http://127.0.0.1:8090";   ///< Where it can be reached; see set_origin.
    std::vector<oauth::Client> clients;             ///< Empty: every client id is welcome (see oauth::Clients).
    std::shared_ptr<oauth::SigningKeys> keys = {};  ///< Empty: it makes its own, which takes a moment.
};

/// A local Google: sign-in, Gmail, Calendar, People and a small webmail, all in memory. It behaves as Google does,
/// under Google's own paths on one origin. Thread-safe; calls never wait, except where a fault says so.
///
/// Signing in without a browser: POST /o/oauth2/v2/auth as a form with the same fields that the authorization request
/// has as query (client_id, redirect_uri, response_type=code, scope, state, access_type, prompt, code_challenge, …) and
///   account   whose account; without it login_hint counts
///   decision  "allow" (also when absent) or "deny"
///   asked     "1": only the scopes in `allow` are granted. Absent: all that were asked for
///   allow     a granted scope; repeated. Sign-in scopes need no tick
/// It answers 302 to redirect_uri with code, state, scope and iss, or with error=access_denied.
///
/// For tests, without authorization:
///   GET  /_sandbox/deliveries?limit&after&from&to&marker&message_id  {items:[{id, at, from, to, marker, message_id,
///        raw}], next?}: one item for each address that a mail reached; marker is its X-InboxPro-Id, raw is base64url
///   GET and POST /_sandbox/faults  a list of {api, rate, kind, status?, delay_ms?, after_effect?, retry_after?, seed?,
///        from?, until?}, see Fault for the kinds; from and until are RFC 3339 times or seconds from now; replaces all;
///        answers {items} with `calls` and `hits` of each
///   GET  /_sandbox/calls?since&api&user  {items:[{id, api, user, at, status, units}], counts:[{api, user, calls,
///        units}], last}: the last 20,000 calls of Google's that came after the item or RFC 3339 time `since`, and how
///        many there were since the start; api as in faults. Status 0: the answer was lost on purpose
///   GET and POST /_sandbox/clock   {advance_seconds} or {now}; answers {now}
///   GET and POST /_sandbox/quota   {units_per_minute?, concurrent_calls?, mails_per_day?, mails_per_day_workspace?,
///        recipients_per_mail?}: what each user may spend in a minute (Google: 6000), have running at once (about 10),
///        send in 24 hours from gmail.com (500) and from elsewhere (2000); 0, as at the start, is no limit; and to how
///        many people a mail may go (500, also at the start)
///   GET and POST /_sandbox/users   {address, name, time_zone?, aliases?:[{address, name, verified}]}; GET answers
///        {items}. Everybody has a primary calendar in that zone; absent: Etc/UTC
///   POST /_sandbox/users/{address}/password-change  ends the user's refresh tokens that hold a Gmail scope; answers
///        {ended_refresh_tokens}
///   GET and POST /_sandbox/clients/{id}  what the console and administrators say about an application; POST changes
///        what it names: {publishing: "testing" or "production", restricted, deleted, internal_to: a domain or "",
///        grant_seconds: how long people grant access, 0 without end}. In testing, refresh tokens for more than name
///        and address die 7 days after consent. Restricting ends the grants of Workspace accounts (all but gmail.com),
///        deleting ends all
///   POST /_sandbox/keys/rotate     a new key signs id tokens; answers {kids}, of which the second is the former one
///   GET and POST /_sandbox/people  {propagation_seconds, full_syncs_per_minute}: how long writes stay hidden from
///        lists of contacts (0, as at the start: not at all), and how many full lists a user may begin in a minute (0,
///        as at the start: no limit)
///   POST /_sandbox/senders/{address}  {signature?, reply_to?} of an address that a user sends from
///   POST /_sandbox/drafts/{address}/{draft_id}  {do: "edit", raw?} | {do: "subject", subject?} | {do: "delete"} |
///        {do: "send"}: what the user does in Gmail; answers {id, message_id?, thread_id?}
///   POST /_sandbox/history/{address}/expire  every history id that was given out is too old from now on
///   GET and POST /_sandbox/pubsub  {topic: "projects/p/topics/t", endpoint, audience?, service_account?, granted?}:
///        where Gmail's notices of users.watch are pushed; without service_account pushes have no token; a topic that
///        was not set, or has granted false, cannot be watched with. GET answers {items, notices: {waiting, attempts,
///        finished, dropped}}
///   GET and POST /_sandbox/calendars  {owner, id?, summary?, time_zone?, access?:[{address, role}]}: makes another
///        calendar of a user, or changes the one with that id, also a primary; role is freeBusyReader, reader, writer
///        or owner. GET answers {items}
///   POST /_sandbox/calendar/expire-sync  ends all sync tokens of calendars: 410 fullSyncRequired
///   GET and POST /_sandbox/calendar/quota  {units_per_minute?, invitations_per_day?}: what each user may spend on
///   calls
///        of Calendar (403 rateLimitExceeded) and mail to guests (403 quotaExceeded); 0, as at the start, is no limit
class Sandbox {
  public:
    /// `clock` and `random` must outlive it.
    Sandbox(SandboxOptions options, const Clock& clock, Random& random);
    ~Sandbox();

    /// Valid as long as the sandbox. Its server should accept bodies of 52 MiB: Gmail's limit in base64.
    const http::Router& router() const;
    /// For when a port was not known before. Thread-safe.
    void set_origin(std::string origin);
    /// `invalid` for what is no address, `conflict` when somebody has it.
    Result<void> add_user(std::string address, std::string name, std::vector<Alias> aliases = {});

  private:
    struct World;
    std::unique_ptr<World> world_;
};

}  // namespace inboxpro::sandbox
