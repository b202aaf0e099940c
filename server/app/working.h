#pragma once
#include <memory>

#include "accounts/google_access.h"
#include "app/config.h"
#include "app/node.h"
#include "google/http_google_api.h"
#include "http/server/io_threads.h"
#include "outbox/outbox.h"
#include "worker/worker.h"

namespace inboxpro::app {

/// A process that sends and answers nobody: it shares nothing with the server and others of its kind but the database.
/// Everything it is made of lives in here, in the order in which it is made, and goes in reverse.
class Working {
  public:
    /// `not_found` when there is no database yet: the server makes it. `clock` must outlive it.
    static Result<std::unique_ptr<Working>> open(Config config, const Clock& clock);
    ~Working();

    void start() { worker_->start(); }
    /// Finishes what is under way, for about two seconds; what is then still open is found again by its lease.
    void stop();

  private:
    Working(const Config& config, const GoogleClient& client, std::unique_ptr<Node> node);

    std::unique_ptr<Node> node_;
    std::unique_ptr<http::IoThreads> threads_;
    std::unique_ptr<HttpGoogleApi> google_;
    TimerSleeper sleeper_;
    std::unique_ptr<UnitBudget> unit_budget_;
    std::unique_ptr<GoogleAccess> google_access_;
    std::unique_ptr<Objections> objections_;
    std::unique_ptr<Consents> consents_;
    std::unique_ptr<Messages> messages_;
    std::unique_ptr<Sends> sends_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<Notices> notices_;
    SystemZones zones_;
    std::unique_ptr<Outbox> outbox_;
    std::unique_ptr<Worker> worker_;
};

}  // namespace inboxpro::app
