#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "app/demo/demo_clock.h"
#include "app/demo/local_google.h"
#include "app/serving.h"

namespace inboxpro::app {

struct DemoOptions {
    std::string listen = "127.0.0.1:8080";
    std::string tracking_listen = "127.0.0.1:8081";
    std::string sandbox_listen = "127.0.0.1:8090";
    std::filesystem::path data;  ///< Empty: a temporary directory that goes with the demo.
};

/// The whole product on one machine: the server, a local Google, an activated account and some history.
class Demo {
  public:
    static Result<std::unique_ptr<Demo>> start(DemoOptions options);
    ~Demo();
    void stop();

    Serving& serving() { return *serving_; }
    const std::string& sandbox_origin() const { return google_->origin(); }
    const std::string& account() const { return account_.email; }
    /// A bearer token of the demo account with all scopes, made at each start.
    const Secret& token() const { return token_; }

  private:
    explicit Demo(DemoOptions options) : options_(std::move(options)) {}
    Result<void> prepare_directory();
    Result<void> start_google();
    Result<void> start_server();
    Result<void> activate_account();

    DemoOptions options_;
    bool temporary_ = false;
    DemoClock clock_;
    SystemRandom random_;
    Account account_;
    Secret token_;
    std::unique_ptr<http::IoThreads> google_threads_;
    std::unique_ptr<LocalGoogle> google_;
    std::unique_ptr<Serving> serving_;
};

}  // namespace inboxpro::app
