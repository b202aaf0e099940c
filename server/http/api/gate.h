#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "accounts/api_tokens.h"
#include "accounts/sessions.h"
#include "http/server/message.h"
#include "tracking/own_traces.h"

namespace inboxpro::http {

/// Who asks, once it is known.
struct Caller {
    AccountId account;
    std::set<std::string> scopes;  ///< Of an API token; a browser session has all.
    bool by_session = false;
    SessionId session;  ///< Nil without one.
};

/// Scopes of API tokens.
inline constexpr std::string_view kAllScopes[] = {"messages:read", "messages:write", "reports:read", "account:read",
                                                  "account:write"};

/// The token of "Authorization: Bearer"; empty when the header is absent or of another kind.
std::optional<Secret> bearer_of(const Request& request);

/// Lets a request through to a handler only with a session cookie or a bearer token that has the scope. A session's
/// POST, PUT, PATCH or DELETE needs in addition Origin equal to ours and the header `X-InboxPro: 1` (security QB5).
/// 401 without a valid session or token, 403 without the scope or the Origin. What a handler answers is never cached.
class Gate {
  public:
    using GuardedHandler = std::function<Task<Response>(Request, Caller)>;

    /// `traces` is told of every request that a session makes.
    Gate(Sessions& sessions, ApiTokens& tokens, OwnTraces& traces, std::string app_origin)
        : sessions_(sessions), tokens_(tokens), traces_(traces), app_origin_(std::move(app_origin)) {}

    Handler guard(std::string_view scope, GuardedHandler handler);

  private:
    Task<Response> pass(std::string scope, GuardedHandler handler, Request request);
    Task<Result<Caller>> caller_of(const Request& request);
    bool is_ours(const Request& request) const;

    Sessions& sessions_;
    ApiTokens& tokens_;
    OwnTraces& traces_;
    std::string app_origin_;
};

}  // namespace inboxpro::http
