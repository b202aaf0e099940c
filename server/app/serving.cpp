#include "app/serving.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/google_settings.h"
#include "http/api/submission_json.h"
#include "http/pages/legal_routes.h"
#include "http/pages/page.h"
#include "http/public/push_routes.h"
#include "http/public/tracking_routes.h"
#include "http/server/static_files.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

/// For everything together, so that Ctrl-C ends within two seconds.
constexpr auto kServingGrace = 1'200ms;
constexpr auto kTracesKeptUpEvery = 30s;

std::string host_of(const std::string& origin) {
    return origin.substr(origin.find("://") + 3);
}

/// The address as a browser on this machine reaches it, with the port that was really bound.
std::string origin_of(const std::string& listen, std::uint16_t port, bool tls) {
    std::string host = listen.substr(0, listen.rfind(':'));
    if (host == "0.0.0.0" || host == "[::]") host = "localhost";
    return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

std::string origin_part(const std::string& url) {
    return url.substr(0, url.find('/', url.find("://") + 3));
}

/// Where the dashboard lies in a built tree (build/release/inboxpro) and in an installed one (/usr/bin/inboxpro).
std::filesystem::path beside_the_program() {
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    const auto built = folder / "../../dashboard/dist";
    return std::filesystem::exists(built, ignored) ? built : folder / "../share/inboxpro/dashboard";
}

}  // namespace

Result<std::unique_ptr<Serving>> Serving::open(Config config, const Clock& clock) {
    auto node = TRY(Node::open(config, clock));
    auto lock = TRY(DirectoryLock::take(config.store.path));
    std::unique_ptr<Serving> serving(new Serving(std::move(config), std::move(lock), std::move(node)));
    TRY(serving->bind());
    TRY(serving->make_capabilities());
    TRY(serving->make_routes());
    return serving;
}

Serving::Serving(Config config, DirectoryLock lock, std::unique_ptr<Node> node)
    : config_(std::move(config)), lock_(std::move(lock)), node_(std::move(node)) {
    const unsigned threads = config_.server.threads != 0 ? config_.server.threads : std::thread::hardware_concurrency();
    threads_ = std::make_unique<http::IoThreads>(std::max(threads, 1U));
}

Result<http::ServerOptions> Serving::server_options(const std::string& listen, const std::string& origin,
                                                    std::string name) const {
    http::ServerOptions options{
        .listen = listen, .trusted_proxies = config_.http.trusted_proxies, .name = std::move(name)};
    options.limits.large_bodies = {{http::Method::post, "/api/v1/messages", http::kLargestMailBody},
                                   {http::Method::patch, "/api/v1/messages/", http::kLargestMailBody}};
    if (!origin.empty()) options.hosts.push_back(host_of(origin));
    if (config_.tls.certificate.empty() != config_.tls.key.empty())
        return fail(ErrorKind::invalid, "tls.certificate and tls.key belong together: set both or none");
    if (!config_.tls.certificate.empty()) options.tls = http::TlsFiles{config_.tls.certificate, config_.tls.key};
    return options;
}

Result<void> Serving::bind() {
    const auto bind_one = [&](const std::string& listen, std::string& origin, const http::Router& router,
                              std::string name) -> Result<std::unique_ptr<http::Server>> {
        auto options = TRY(server_options(listen, origin, std::move(name)));
        const bool tls = options.tls.has_value();
        auto server = TRY(http::Server::listen(std::move(options), router, *threads_, node_->clock, node_->random));
        if (origin.empty()) {
            origin = origin_of(listen, server->port(), tls);
            server->answer_host(host_of(origin));
        }
        return server;
    };
    app_server_ = TRY(bind_one(config_.server.listen, config_.server.origin, app_router_, "app"));
    tracking_server_ = TRY(bind_one(config_.tracking.listen, config_.tracking.origin, tracking_router_, "tracking"));
    if (config_.server.origin == config_.tracking.origin)
        return fail(ErrorKind::invalid, "tracking.origin must be another host or port than server.origin");
    return {};
}

Result<void> Serving::make_capabilities() {
    make_accounts(TRY(google_client_of(config_)));
    objections_ = std::make_unique<Objections>(node_->documents, node_->index, node_->clock);
    consents_ = std::make_unique<Consents>(node_->documents, node_->index, *objections_, node_->clock);
    messages_ = std::make_unique<Messages>(node_->documents);
    events_ = std::make_unique<Events>(node_->documents);
    tallies_ = std::make_unique<Tallies>(node_->documents);
    feed_ = std::make_unique<Feed>();
    reports_ = std::make_unique<Reports>(*messages_, *tallies_, *objections_);
    TRY(make_intake());
    TRY(make_mailbox());
    make_outbox();
    return {};
}

void Serving::make_accounts(const GoogleClient& client) {
    auto& node = *node_;
    const auto endpoints = endpoints_of(config_);
    google_ = std::make_unique<HttpGoogleApi>(endpoints, client, node.clock);
    unit_budget_ = std::make_unique<UnitBudget>(unit_budget_of(config_), node.clock, sleeper_);
    google_access_ = std::make_unique<GoogleAccess>(*google_, node.accounts, node.clock,
                                                    Pacing{*unit_budget_, sleeper_, node.random});
    sessions_ = std::make_unique<Sessions>(node.documents, node.index, node.clock, node.random);
    api_tokens_ = std::make_unique<ApiTokens>(node.documents, node.index, node.clock, node.random);
    disconnect_ = std::make_unique<Disconnect>(node.accounts, *google_access_, *sessions_, *api_tokens_,
                                               [this](AccountId account) { return leave(account); });
    sign_in_ = std::make_unique<SignIn>(SignInSettings{.client_id = client.id,
                                                       .authorize = endpoints.authorize,
                                                       .redirect_uri = config_.server.origin + "/oauth/callback",
                                                       .allowed_domains = config_.accounts.allowed_domains,
                                                       .linked = [this](AccountId account) { return follow(account); }},
                                        node.documents, node.accounts, *google_, node.index, node.clock, node.random);
    sign_in_routes_ = std::make_unique<http::SignInRoutes>(
        http::SignInRoutes::Settings{.app_origin = config_.server.origin,
                                     .google_origin = origin_part(endpoints.authorize)},
        *sign_in_, *sessions_);
}

void Serving::take_up_held_mail(AccountId account) {
    google_access_->forget(account);
    boost::asio::co_spawn(threads_->loop(0), outbox_->release(account),
                          [](std::exception_ptr failure, Result<std::size_t> released) {
                              if (failure || !released) spdlog::warn("held mail waits for its next look");
                          });
}

Result<void> Serving::make_intake() {
    hindsight_ = std::make_unique<Hindsight>(node_->documents, node_->clock);
    hindsights_ = std::make_unique<Hindsights>(
        *hindsight_, *messages_, threads_->loop(0), node_->clock, [this] { return intake_->figures().waiting == 0; },
        [](const Error& error) { spdlog::warn("verdicts stay provisional for now: {}", error.detail); });
    intake_ = TRY(Intake::open({.journal_directory = config_.journal(),
                                .max_events_per_token_hour = config_.tracking.max_events_per_token_hour},
                               node_->documents, *objections_, node_->key_file.keys(KeyPurpose::journal), node_->clock,
                               node_->random, [this](const JudgedEvent& event) {
                                   feed_->publish(event);
                                   hindsights_->note(event);
                               }));
    return {};
}

Task<void> Serving::take_up_last_seen() {
    std::optional<Query::Position> after;
    do {
        const auto step = co_await node_->accounts.all(after);
        if (!step) co_return spdlog::warn("verdicts of the last run may stay provisional: {}", step.error().detail);
        for (const auto account : step->accounts)
            if (const auto taken = co_await hindsights_->take_up(account, *events_); !taken)
                spdlog::warn("verdicts of the last run may stay provisional: {}", taken.error().detail);
        after = step->next;
    } while (after);
}

Task<void> Serving::keep_up_traces() {
    boost::asio::steady_timer rest(co_await boost::asio::this_coro::executor);
    for (;;) {
        if (const auto kept = co_await own_traces_->keep_up(); !kept)
            spdlog::warn("the senders' own addresses are known to this process only: {}", kept.error().detail);
        rest.expires_after(kTracesKeptUpEvery);
        co_await rest.async_wait(boost::asio::use_awaitable);
    }
}

Result<void> Serving::make_mailbox() {
    auto& node = *node_;
    const auto& google = config_.google;
    if (google.pubsub_audience.empty() != google.pubsub_service_account.empty())
        return fail(ErrorKind::invalid,
                    "google.pubsub_audience and google.pubsub_service_account belong together: set both or none");
    const auto warn = [](AccountId account, const Error& error) {
        spdlog::warn("the mailbox of {} could not be followed: {}", account.is_nil() ? "everybody" : account.text(),
                     error.detail);
    };
    mailboxes_ = std::make_unique<Mailboxes>(node.documents);
    follower_ = std::make_unique<Follower>(
        Follower::Settings{.pace = {.shortest = std::chrono::seconds{google.poll_seconds},
                                    .longest = std::chrono::seconds{google.poll_quiet_seconds}},
                           .topic = google.pubsub_topic,
                           .on_failure = warn},
        *mailboxes_, *google_access_, node.accounts, node.clock, node.random);
    rounds_ = std::make_unique<Rounds>(*follower_, threads_->loop(0), node.clock, warn);
    if (google.pubsub_audience.empty()) return {};
    google_keys_ = std::make_unique<GoogleKeys>(*google_, node.clock);
    push_notices_ = std::make_unique<PushNotices>(
        PushNotices::Settings{.audience = google.pubsub_audience, .service_account = google.pubsub_service_account},
        *google_keys_, *follower_, node.accounts);
    return {};
}

// None of these may fail what they follow: adopt() and polling make up for a store that did not answer.
Task<void> Serving::follow(AccountId account) {
    take_up_held_mail(account);
    co_await follower_->follow(account);
    rounds_->notify();
}

Task<void> Serving::leave(AccountId account) {
    co_await follower_->leave(account);
}

Task<void> Serving::look_soon(AccountId account) {
    co_await follower_->hint(account);
}

void Serving::make_outbox() {
    auto& node = *node_;
    sends_ = std::make_unique<Sends>(node.documents);
    ledger_ = std::make_unique<Ledger>(node.documents, node.clock, node.random);
    notices_ = std::make_unique<Notices>(node.documents, node.clock);
    outbox_ =
        std::make_unique<Outbox>(Outbox::Settings{.tracking_origin = config_.tracking.origin,
                                                  .address_policy = config_.tracking.address_policy,
                                                  .work_is_due = [this] { worker_->notify(); },
                                                  .sent = [this](AccountId account) { return look_soon(account); },
                                                  .told = [this](AccountId account) { feed_->nudge(account); }},
                                 *google_access_, node.accounts, *consents_, *messages_, *sends_, *ledger_, *notices_,
                                 zones_, node.token_sealer, node.clock, node.random);
    outbox_listener_ = std::make_unique<OutboxMailboxListener>(*sends_, node.clock, [this] { worker_->notify(); });
    follower_->tell(*outbox_listener_);
    answers_listener_ =
        std::make_unique<AnswersListener>(*google_access_, node.documents, *messages_, *hindsight_, node.index,
                                          [this](const JudgedEvent& event) { feed_->publish(event); });
    follower_->tell(*answers_listener_);
    worker_ = std::make_unique<Worker>(*outbox_, threads_->loop(0), node.clock, [](MessageId id, const Error& error) {
        spdlog::warn("send {} could not be advanced: {}", id.is_nil() ? "queue" : id.text(), error.detail);
    });
}

void Serving::make_api_routes() {
    auto& node = *node_;
    own_traces_ = std::make_unique<OwnTraces>(node.documents, node.index, node.clock);
    gate_ = std::make_unique<http::Gate>(*sessions_, *api_tokens_, *own_traces_, config_.server.origin);
    idempotency_ = std::make_unique<http::Idempotency>(node.documents, node.index, node.clock, node.random);
    account_routes_ =
        std::make_unique<http::AccountRoutes>(node.accounts, *sign_in_, *sessions_, *api_tokens_, *disconnect_,
                                              *outbox_, *mailboxes_, node.clock, *idempotency_);
    account_routes_->add_to(app_router_, *gate_);
    message_routes_ = std::make_unique<http::MessageRoutes>(*outbox_, *messages_, *events_, *tallies_, *objections_,
                                                            *google_access_, *idempotency_, zones_);
    message_routes_->add_to(app_router_, *gate_);
    tracking_api_routes_ = std::make_unique<http::TrackingApiRoutes>(
        http::TrackingApiRoutes::Settings{
            .tracking_origin = config_.tracking.origin,
            .address_policy = config_.tracking.address_policy,
            .viewed = [this](AccountId account) { own_traces_->note_in_gmail(account); },
            .look_again = [this](AccountId account, MessageId message) { hindsights_->look_again(account, message); }},
        node.accounts, *consents_, *messages_, *idempotency_, node.token_sealer, node.clock, node.random);
    tracking_api_routes_->add_to(app_router_, *gate_);
    notice_routes_ = std::make_unique<http::NoticeRoutes>(*outbox_);
    notice_routes_->add_to(app_router_, *gate_);
    report_routes_ =
        std::make_unique<http::ReportRoutes>(*reports_, *feed_, *events_, *messages_, *outbox_, node.clock);
    report_routes_->add_to(app_router_, *gate_);
    recipient_rule_routes_ = std::make_unique<http::RecipientRuleRoutes>(consents_->rules(), *idempotency_);
    recipient_rule_routes_->add_to(app_router_, *gate_);
}

// Served on both origins: recipients reach the tracking origin for certain, and whoever reads the interface asks the
// other.
void Serving::make_privacy_routes() {
    auto& node = *node_;
    recipient_files_ = std::make_unique<RecipientFiles>(node.documents, *consents_);
    privacy_routes_ = std::make_unique<http::PrivacyRoutes>(
        http::PrivacyRoutes::Settings{
            .origins = {config_.tracking.origin, config_.server.origin},
            .tracking_origin = config_.tracking.origin,
            .in_background =
                [this](Task<void> task) {
                    boost::asio::co_spawn(threads_->loop(0), std::move(task), [](std::exception_ptr failure) {
                        if (failure) spdlog::error("a recipient's link ended with an exception");
                    });
                },
            .on_failure =
                [](const Error& error) { spdlog::warn("a recipient's link was not mailed: {}", error.detail); }},
        *consents_, *recipient_files_, node.accounts, *messages_, *outbox_, node.token_sealer, node.clock);
    privacy_routes_->add_to(app_router_);
    privacy_routes_->add_to(tracking_router_);
    http::add_style_route(tracking_router_);
    http::add_icon_route(tracking_router_);
    http::add_legal_routes(tracking_router_, config_.server.origin);
}

Result<void> Serving::make_routes() {
    make_api_routes();
    make_privacy_routes();
    sign_in_routes_->add_to(app_router_);
    const http::Operations operations{.ready = [this] { return node_->store->check(); },
                                      .figures = [this] { return figures(); },
                                      .security_contact = config_.server.origin + "/privacy-policy"};
    http::add_operations_routes(app_router_, operations, node_->clock);
    if (push_notices_) http::add_push_routes(app_router_, *push_notices_);
    http::add_tracking_routes(tracking_router_, *intake_, *own_traces_, node_->token_sealer);

    const auto dashboard = config_.server.dashboard.empty() ? beside_the_program() : config_.server.dashboard;
    auto files = http::static_files(dashboard);
    if (files)
        app_router_.otherwise(std::move(*files));
    else
        spdlog::warn("the dashboard is not served: {}", files.error().detail);
    return {};
}

void Serving::start() {
    if (config_.outbox.send_in_server) worker_->start();
    rounds_->start();
    hindsights_->start();
    boost::asio::co_spawn(threads_->loop(0), take_up_last_seen(), [](std::exception_ptr failure) {
        if (failure) spdlog::error("looking for what was seen last ended with an exception");
    });
    boost::asio::co_spawn(threads_->loop(0), keep_up_traces(), [](std::exception_ptr failure) {
        if (failure) spdlog::error("keeping the senders' own addresses ended with an exception");
    });
    app_server_->start();
    tracking_server_->start();
    running_ = true;
    // What only starting needed goes back to the system.
    malloc_trim(0);
}

void Serving::stop() {
    if (!std::exchange(running_, false)) return;
    const auto end = std::chrono::steady_clock::now() + kServingGrace;
    const auto left = [end] {
        const auto rest = end - std::chrono::steady_clock::now();
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(rest), 0ms);
    };
    feed_->close();
    app_server_->stop(left());
    tracking_server_->stop(left());
    if (config_.outbox.send_in_server) worker_->stop(left());
    rounds_->stop(left());
    hindsights_->stop(left());
    intake_->stop();
}

Serving::~Serving() {
    stop();
    // The loops stand still first; then what answers them from other threads ends; then what waits on them goes.
    threads_->stop();
    google_.reset();
    intake_.reset();
    node_->store.reset();
    app_server_.reset();
    tracking_server_.reset();
    worker_.reset();
    rounds_.reset();
    hindsights_.reset();
    threads_.reset();
}

}  // namespace inboxpro::app
