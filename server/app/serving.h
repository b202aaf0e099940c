#pragma once
#include <memory>

#include "accounts/disconnect.h"
#include "accounts/google_access.h"
#include "accounts/sign_in.h"
#include "analytics/feed.h"
#include "analytics/summary.h"
#include "answers/listener.h"
#include "app/config.h"
#include "app/directory_lock.h"
#include "app/node.h"
#include "google/http_google_api.h"
#include "http/api/account_routes.h"
#include "http/api/idempotency.h"
#include "http/api/message_routes.h"
#include "http/api/notice_routes.h"
#include "http/api/recipient_rule_routes.h"
#include "http/api/report_routes.h"
#include "http/api/tracking_api_routes.h"
#include "http/pages/privacy_routes.h"
#include "http/pages/sign_in_routes.h"
#include "http/public/operations_routes.h"
#include "http/server/server.h"
#include "mailbox/push.h"
#include "outbox/mailbox_listener.h"
#include "outbox/outbox.h"
#include "tracking/intake.h"
#include "worker/hindsights.h"
#include "worker/rounds.h"
#include "worker/worker.h"

namespace inboxpro::app {

/// A running server: the app origin with dashboard, API and activation, and the tracking origin with pixels and links.
/// Everything it is made of lives in here, in the order in which it is made, and goes in reverse.
class Serving {
  public:
    /// Opens the node, binds both addresses and wires everything; nothing is answered before start(). Errors are one
    /// plain sentence. `clock` must outlive it.
    static Result<std::unique_ptr<Serving>> open(Config config, const Clock& clock);
    ~Serving();

    void start();
    /// Ends within about two seconds: running requests are finished, waiting events stored or journaled.
    void stop();

    const std::string& app_origin() const { return config_.server.origin; }
    const std::string& tracking_origin() const { return config_.tracking.origin; }
    Node& node() { return *node_; }
    http::IoThreads& threads() { return *threads_; }
    ApiTokens& api_tokens() { return *api_tokens_; }
    Outbox& outbox() { return *outbox_; }
    Messages& messages() { return *messages_; }
    Intake& intake() { return *intake_; }
    Objections& objections() { return *objections_; }
    Worker& worker() { return *worker_; }
    Follower& follower() { return *follower_; }
    SignIn& sign_in() { return *sign_in_; }
    HttpGoogleApi& google() { return *google_; }

  private:
    Serving(Config config, DirectoryLock lock, std::unique_ptr<Node> node);

    Result<void> bind();
    Result<void> make_capabilities();
    void make_accounts(const GoogleClient& client);
    /// After a sign-in: nothing of the old grant counts any longer.
    void take_up_held_mail(AccountId account);
    Result<void> make_intake();
    /// Events that an earlier run may not have judged again.
    Task<void> take_up_last_seen();
    /// Goes on until the loops stand still.
    Task<void> keep_up_traces();
    Result<void> make_mailbox();
    void make_outbox();
    Result<void> make_routes();
    void make_api_routes();
    void make_privacy_routes();
    Result<http::ServerOptions> server_options(const std::string& listen, const std::string& origin,
                                               std::string name) const;
    std::vector<http::Figure> figures() const;
    /// Awaited where a mailbox came or has something new.
    Task<void> follow(AccountId account);
    Task<void> leave(AccountId account);
    Task<void> look_soon(AccountId account);

    Config config_;
    DirectoryLock lock_;
    std::unique_ptr<Node> node_;
    std::unique_ptr<http::IoThreads> threads_;

    http::Router app_router_, tracking_router_;
    std::unique_ptr<http::Server> app_server_, tracking_server_;

    std::unique_ptr<HttpGoogleApi> google_;
    TimerSleeper sleeper_;
    std::unique_ptr<UnitBudget> unit_budget_;
    std::unique_ptr<GoogleAccess> google_access_;
    std::unique_ptr<Sessions> sessions_;
    std::unique_ptr<ApiTokens> api_tokens_;
    std::unique_ptr<SignIn> sign_in_;
    std::unique_ptr<Disconnect> disconnect_;
    std::unique_ptr<Objections> objections_;
    std::unique_ptr<Consents> consents_;
    std::unique_ptr<Messages> messages_;
    std::unique_ptr<Events> events_;
    std::unique_ptr<Tallies> tallies_;
    std::unique_ptr<Mailboxes> mailboxes_;
    std::unique_ptr<Follower> follower_;
    std::unique_ptr<GoogleKeys> google_keys_;
    std::unique_ptr<PushNotices> push_notices_;  ///< Empty when no push is taken.
    std::unique_ptr<Rounds> rounds_;
    std::unique_ptr<Sends> sends_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Notices> notices_;
    SystemZones zones_;
    std::unique_ptr<Outbox> outbox_;
    std::unique_ptr<OutboxMailboxListener> outbox_listener_;
    std::unique_ptr<AnswersListener> answers_listener_;
    std::unique_ptr<Worker> worker_;
    std::unique_ptr<Feed> feed_;
    std::unique_ptr<Reports> reports_;
    std::unique_ptr<Hindsight> hindsight_;
    std::unique_ptr<Hindsights> hindsights_;
    std::unique_ptr<Intake> intake_;

    std::unique_ptr<OwnTraces> own_traces_;
    std::unique_ptr<http::Gate> gate_;
    std::unique_ptr<http::SignInRoutes> sign_in_routes_;
    std::unique_ptr<http::AccountRoutes> account_routes_;
    std::unique_ptr<http::Idempotency> idempotency_;
    std::unique_ptr<http::MessageRoutes> message_routes_;
    std::unique_ptr<http::NoticeRoutes> notice_routes_;
    std::unique_ptr<http::TrackingApiRoutes> tracking_api_routes_;
    std::unique_ptr<http::ReportRoutes> report_routes_;
    std::unique_ptr<http::RecipientRuleRoutes> recipient_rule_routes_;
    std::unique_ptr<RecipientFiles> recipient_files_;
    std::unique_ptr<http::PrivacyRoutes> privacy_routes_;
    bool running_ = false;
};

}  // namespace inboxpro::app
