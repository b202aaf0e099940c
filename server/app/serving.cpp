#include "app/serving.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>

#include "http/public/tracking_routes.h"
#include "http/server/static_files.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

/// For everything together, so that Ctrl-C ends within two seconds.
constexpr auto kGrace = 1'200ms;

std::string host_of(const std::string& origin) {
    return origin.substr(origin.find("://") + 3);
}

/// The address as a browser on this machine reaches it, with the port that was really bound.
std::string origin_of(const std::string& listen, std::uint16_t port, bool tls) {
    std::string host = listen.substr(0, listen.rfind(':'));
    if (host == "0.0.0.0" || host == "[::]") host = "localhost";
    return fmt::format("{}://{}:{}", tls ? "https" : "http", host, port);
}

Result<Secret> read_secret(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string text;
    if (!in || !std::getline(in, text))
        return fail(ErrorKind::not_found,
                    fmt::format("the Google client secret file {} cannot be read", file.string()));
    return Secret(std::move(text));
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

Result<GoogleClient> Serving::google_client() const {
    if (config_.google.client_id.empty()) {
        spdlog::warn("google.client_id is not set: nobody can sign in until it is; see docs/guide/google.md");
        return GoogleClient{};
    }
    if (config_.google.client_secret_file.empty())
        return fail(ErrorKind::invalid, "google.client_secret_file is missing beside google.client_id");
    return GoogleClient{.id = config_.google.client_id, .secret = TRY(read_secret(config_.google.client_secret_file))};
}

Result<void> Serving::make_capabilities() {
    auto& node = *node_;
    const auto client = TRY(google_client());
    const auto endpoints =
        config_.google.endpoint.empty() ? GoogleEndpoints{} : GoogleEndpoints::at(config_.google.endpoint);
    google_ = std::make_unique<HttpGoogleApi>(endpoints, client, node.clock);
    google_access_ = std::make_unique<GoogleAccess>(*google_, node.accounts, node.clock);
    sessions_ = std::make_unique<Sessions>(node.documents, node.index, node.clock, node.random);
    api_tokens_ = std::make_unique<ApiTokens>(node.documents, node.index, node.clock, node.random);

    messages_ = std::make_unique<Messages>(node.documents, node.clock);
    events_ = std::make_unique<Events>(node.documents);
    tallies_ = std::make_unique<Tallies>(node.documents);
    feed_ = std::make_unique<Feed>();
    reports_ = std::make_unique<Reports>(*messages_, *tallies_);
    intake_ = TRY(Intake::open({.journal_directory = config_.journal(),
                                .max_events_per_token_hour = config_.tracking.max_events_per_token_hour},
                               node.documents, node.key_file.keys(KeyPurpose::journal), node.clock, node.random,
                               [this](const JudgedEvent& event) { feed_->publish(event); }));

    sends_ = std::make_unique<Sends>(node.documents);
    outbox_ = std::make_unique<Outbox>(Outbox::Settings{.tracking_origin = config_.tracking.origin,
                                                        .address_policy = config_.tracking.address_policy,
                                                        .work_is_due = [this] { worker_->notify(); }},
                                       *google_access_, node.accounts, *messages_, *sends_, node.token_sealer,
                                       node.clock, node.random);
    worker_ = std::make_unique<Worker>(*outbox_, threads_->loop(0), [](MessageId id, const Error& error) {
        spdlog::warn("send {} could not be advanced: {}", id.is_nil() ? "queue" : id.text(), error.detail);
    });
    return {};
}

Result<void> Serving::make_routes() {
    auto& node = *node_;
    gate_ = std::make_unique<http::Gate>(*sessions_, *api_tokens_, config_.server.origin);
    idempotency_ = std::make_unique<http::Idempotency>(node.documents, node.index, node.clock);
    message_routes_ = std::make_unique<http::MessageRoutes>(*outbox_, *messages_, *events_, *tallies_, *google_access_,
                                                            *idempotency_);
    message_routes_->add_to(app_router_, *gate_);
    tracking_api_routes_ = std::make_unique<http::TrackingApiRoutes>(
        http::TrackingApiRoutes::Settings{.tracking_origin = config_.tracking.origin,
                                          .address_policy = config_.tracking.address_policy},
        node.accounts, *messages_, *idempotency_, node.token_sealer, node.clock, node.random);
    tracking_api_routes_->add_to(app_router_, *gate_);
    report_routes_ = std::make_unique<http::ReportRoutes>(*reports_, *feed_, *events_, *messages_, node.clock);
    report_routes_->add_to(app_router_, *gate_);

    const http::Operations operations{.ready = [this] { return node_->store->check(); },
                                      .figures = [this] { return figures(); },
                                      .security_contact = config_.server.origin + "/privacy-policy"};
    http::add_operations_routes(app_router_, operations, node.clock);
    http::add_tracking_routes(tracking_router_, *intake_, node.token_sealer, node.clock, node.random);
    return {};
}

std::vector<http::Figure> Serving::figures() const {
    const auto seen = intake_->figures();
    std::vector<http::Figure> all;
    const auto add = [&](std::string name, std::string help, double value,
                         std::vector<std::pair<std::string, std::string>> labels = {}) {
        all.push_back({.name = std::move(name), .help = std::move(help), .labels = std::move(labels), .value = value});
    };
    const std::string stored = "inboxpro_events_stored_total";
    add(stored, "Opens and clicks stored durably", static_cast<double>(seen.opens_stored), {{"kind", "open"}});
    add(stored, "Opens and clicks stored durably", static_cast<double>(seen.clicks_stored), {{"kind", "click"}});
    add("inboxpro_events_journaled_total", "Events that waited in the local journal",
        static_cast<double>(seen.journaled));
    add("inboxpro_events_over_limit_total", "Events left out because their link's hour was full",
        static_cast<double>(seen.over_limit));
    add("inboxpro_events_dropped_total", "Events lost: journal full or unwritable", static_cast<double>(seen.dropped));
    add("inboxpro_events_unknown_total", "Requests for mail that is no longer known",
        static_cast<double>(seen.unknown));
    add("inboxpro_journal_waiting", "Events in the local journal now", static_cast<double>(seen.waiting));
    add("inboxpro_records_unreadable_total", "Stored records that did not open",
        static_cast<double>(node_->documents.unreadable()));
    for (const auto& [name, server] :
         {std::pair{"app", app_server_.get()}, std::pair{"tracking", tracking_server_.get()}}) {
        const auto served = server->figures();
        add("inboxpro_http_requests_total", "Requests answered", static_cast<double>(served.requests),
            {{"listener", name}});
        add("inboxpro_http_refused_total", "Requests refused as malformed or too large",
            static_cast<double>(served.refused), {{"listener", name}});
        add("inboxpro_http_connections_open", "Connections open now", static_cast<double>(served.connections_open),
            {{"listener", name}});
    }
    return all;
}

void Serving::start() {
    worker_->start();
    app_server_->start();
    tracking_server_->start();
    running_ = true;
}

void Serving::stop() {
    if (!std::exchange(running_, false)) return;
    const auto end = std::chrono::steady_clock::now() + kGrace;
    const auto left = [end] {
        const auto rest = end - std::chrono::steady_clock::now();
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(rest), 0ms);
    };
    feed_->close();
    app_server_->stop(left());
    tracking_server_->stop(left());
    worker_->stop(left());
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
    threads_.reset();
}

}  // namespace inboxpro::app
