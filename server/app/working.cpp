#include "app/working.h"

#include <spdlog/spdlog.h>

#include "app/google_settings.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kWorkingGrace = 1'500ms;

}  // namespace

Result<std::unique_ptr<Working>> Working::open(Config config, const Clock& clock) {
    auto node = TRY(Node::open_existing(config, clock));
    const auto client = TRY(google_client_of(config));
    return std::unique_ptr<Working>(new Working(config, client, std::move(node)));
}

Working::Working(const Config& config, const GoogleClient& client, std::unique_ptr<Node> node)
    : node_(std::move(node)), threads_(std::make_unique<http::IoThreads>(1)) {
    auto& known = *node_;
    google_ = std::make_unique<HttpGoogleApi>(endpoints_of(config), client, known.clock);
    unit_budget_ = std::make_unique<UnitBudget>(unit_budget_of(config), known.clock, sleeper_);
    google_access_ = std::make_unique<GoogleAccess>(*google_, known.accounts, known.clock,
                                                    Pacing{*unit_budget_, sleeper_, known.random});
    objections_ = std::make_unique<Objections>(known.documents, known.index, known.clock);
    consents_ = std::make_unique<Consents>(known.documents, known.index, *objections_, known.clock);
    messages_ = std::make_unique<Messages>(known.documents);
    sends_ = std::make_unique<Sends>(known.documents);
    ledger_ = std::make_unique<Ledger>(known.documents, known.clock, known.random);
    notices_ = std::make_unique<Notices>(known.documents, known.clock);
    outbox_ = std::make_unique<Outbox>(
        Outbox::Settings{.tracking_origin = config.tracking.origin, .address_policy = config.tracking.address_policy},
        *google_access_, known.accounts, *consents_, *messages_, *sends_, *ledger_, *notices_, zones_,
        known.token_sealer, known.clock, known.random);
    worker_ = std::make_unique<Worker>(*outbox_, threads_->loop(0), known.clock, [](MessageId id, const Error& error) {
        spdlog::warn("send {} could not be advanced: {}", id.is_nil() ? "queue" : id.text(), error.detail);
    });
}

void Working::stop() {
    worker_->stop(kWorkingGrace);
}

Working::~Working() {
    // The loop stands still first; then what answers it from other threads ends; then what waits on it goes.
    threads_->stop();
    google_.reset();
    node_->store.reset();
    worker_.reset();
    threads_.reset();
}

}  // namespace inboxpro::app
