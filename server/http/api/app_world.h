#pragma once
#include "accounts/accounts_world.h"
#include "analytics/feed.h"
#include "analytics/summary.h"
#include "http/api/account_routes.h"
#include "http/api/cookies.h"
#include "http/api/message_routes.h"
#include "http/api/notice_routes.h"
#include "http/api/recipient_rule_routes.h"
#include "http/api/report_routes.h"
#include "http/api/tracking_api_routes.h"
#include "http/pages/privacy_routes.h"
#include "http/pages/sign_in_routes.h"
#include "vault/sealed_token.h"

namespace inboxpro::testing {

/// The app origin's own routes over a world in memory, for tests: requests go straight to the router.
struct AppWorld : AccountsWorld {
    static constexpr std::string_view kOrigin = "https://app.example";

    AppWorld()
        : AccountsWorld(
              {}, {&kMailboxes, &kMessages, &kEvents, &kTallies, &kMentions, &kObjections, &kRecipientRules,
                   &kOwnTraces, &kSends, &kSendDays, &kReplans, &kSendLedger, &kNotices, &http::kIdempotencyKeys}) {
        account_routes.add_to(router, gate);
        message_routes.add_to(router, gate);
        tracking_routes.add_to(router, gate);
        notice_routes.add_to(router, gate);
        report_routes.add_to(router, gate);
        rule_routes.add_to(router, gate);
        privacy_routes.add_to(router);
        sign_in_routes.add_to(router);
    }

    http::Response ask(http::Request request) {
        request.target = request.path;
        request.request_id = "request-1";
        return run(router.answer(std::move(request)));
    }

    static Task<bool> ended(Task<void> task) {
        co_await std::move(task);
        co_return true;
    }
    /// As the dashboard asks: cookie, and for changes Origin, header and JSON.
    static http::Request by_session(http::Method method, std::string path, const Secret& session,
                                    std::string body = {}) {
        http::Request request{.method = method, .target = {}, .path = std::move(path), .body = std::move(body)};
        request.headers.add("Cookie", fmt::format("{}={}", http::kSessionCookie, session.reveal()));
        if (method != http::Method::get) {
            request.headers.add("Origin", std::string(kOrigin));
            request.headers.add("X-InboxPro", "1");
            request.headers.add("Content-Type", "application/json");
        }
        return request;
    }
    static http::Request by_token(http::Method method, std::string path, const Secret& token, std::string body = {}) {
        http::Request request{.method = method, .target = {}, .path = std::move(path), .body = std::move(body)};
        request.headers.add("Authorization", fmt::format("Bearer {}", token.reveal()));
        if (method != http::Method::get) request.headers.add("Content-Type", "application/json");
        return request;
    }
    static boost::json::object json_of(const http::Response& response) {
        return boost::json::parse(response.body).as_object();
    }

    Secret session_of(const Account& account) { return run(sessions.open(account.id))->value; }
    Secret token_of(const Account& account,
                    std::set<std::string> scopes = {std::begin(http::kAllScopes), std::end(http::kAllScopes)}) {
        return run(tokens.issue(account.id, "script", std::move(scopes)))->value;
    }

    TokenSealer sealer{key_file.keys(KeyPurpose::token)};
    Objections objections{documents, index, clock};
    Consents consents{documents, index, objections, clock};
    Messages messages{documents};
    Events events{documents};
    Tallies tallies{documents};
    Sends sends{documents};
    Ledger ledger{documents, clock, random};
    Notices notices{documents, clock};
    SystemZones zones;
    Mailboxes mailboxes{documents};
    Feed feed;
    Reports reports{messages, tallies, objections};
    Outbox outbox{
        {.tracking_origin = "https://t.example", .work_is_due = {}, .told = [this](AccountId one) { feed.nudge(one); }},
        access,
        accounts,
        consents,
        messages,
        sends,
        ledger,
        notices,
        zones,
        sealer,
        clock,
        random};
    OwnTraces traces{documents, index, clock};
    http::Gate gate{sessions, tokens, traces, std::string(kOrigin)};
    http::Idempotency idempotency{documents, index, clock, random};
    http::AccountRoutes account_routes{accounts, sign_in,   sessions, tokens,     disconnect,
                                       outbox,   mailboxes, clock,    idempotency};
    http::MessageRoutes message_routes{outbox, messages, events, tallies, objections, access, idempotency, zones};
    std::vector<MessageId> looked_again;  ///< As tracking_routes told.
    http::TrackingApiRoutes tracking_routes{
        {.tracking_origin = "https://t.example",
         .viewed = [this](AccountId who) { traces.note_in_gmail(who); },
         .look_again = [this](AccountId, MessageId one) { looked_again.push_back(one); }},
        accounts,
        consents,
        messages,
        idempotency,
        sealer,
        clock,
        random};
    http::NoticeRoutes notice_routes{outbox};
    http::ReportRoutes report_routes{reports, feed, events, messages, outbox, clock};
    http::RecipientRuleRoutes rule_routes{consents.rules(), idempotency};
    RecipientFiles files{documents, consents};
    http::PrivacyRoutes privacy_routes{{.origins = {"https://t.example", std::string(kOrigin)},
                                        .tracking_origin = "https://t.example",
                                        .in_background = [](Task<void> task) { run(ended(std::move(task))); }},
                                       consents,
                                       files,
                                       accounts,
                                       messages,
                                       outbox,
                                       sealer,
                                       clock};
    http::SignInRoutes sign_in_routes{
        {.app_origin = std::string(kOrigin), .google_origin = "https://accounts.google.com"}, sign_in, sessions};
    http::Router router;
};

}  // namespace inboxpro::testing
