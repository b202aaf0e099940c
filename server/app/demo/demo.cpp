#include "app/demo/demo.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "app/demo/history.h"
#include "app/demo/link.h"
#include "app/demo/people.h"
#include "base/run.h"

namespace inboxpro::app {
namespace {

using namespace std::chrono_literals;

}  // namespace

Result<std::unique_ptr<Demo>> Demo::start(DemoOptions options) {
    std::unique_ptr<Demo> demo(new Demo(std::move(options)));
    TRY(demo->prepare_directory());
    TRY(demo->start_google());
    TRY(demo->start_server());
    TRY(demo->activate_account());
    return demo;
}

Demo::~Demo() {
    stop();
    serving_.reset();
    // The loop stands still before its server goes, and goes after it.
    if (google_threads_) google_threads_->stop();
    google_.reset();
    google_threads_.reset();
    std::error_code ignored;
    if (temporary_) std::filesystem::remove_all(options_.data, ignored);
}

void Demo::stop() {
    if (serving_) serving_->stop();
    if (google_) google_->stop(200ms);
}

Result<void> Demo::prepare_directory() {
    if (!options_.data.empty()) return {};
    std::string pattern = (std::filesystem::temp_directory_path() / "inboxpro-demo-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        return fail(ErrorKind::denied, "no temporary directory can be made; name one with --data");
    options_.data = pattern;
    temporary_ = true;
    return {};
}

Result<void> Demo::start_google() {
    google_threads_ = std::make_unique<http::IoThreads>(1);
    google_ = TRY(LocalGoogle::listen(options_.sandbox_listen, *google_threads_, clock_, random_));
    auto& sandbox = google_->sandbox();
    TRY(sandbox.add_user(std::string(kDemoUser.address), std::string(kDemoUser.name),
                         {{.address = "hello@sandbox.example", .name = "Ada at Sandbox"}}));
    for (const auto& person : kDemoRecipients)
        TRY(sandbox.add_user(std::string(person.address), std::string(person.name)));
    google_->start();
    return {};
}

Result<void> Demo::start_server() {
    auto config = TRY(load_config({}, process_environment));
    config.server.listen = options_.listen;
    config.tracking.listen = options_.tracking_listen;
    config.store.path = options_.data;
    config.google.endpoint = google_->origin();
    config.google.client_id = "inboxpro-demo";
    config.google.client_secret_file = options_.data / "sandbox-client-secret";
    std::error_code ignored;
    std::filesystem::create_directories(options_.data, ignored);
    std::ofstream(config.google.client_secret_file) << "known-to-everybody\n";
    serving_ = TRY(Serving::open(std::move(config), clock_));
    serving_->start();
    return {};
}

Result<void> Demo::activate_account() {
    account_ = TRY(link_account(serving_->sign_in(), google_->sandbox(), kDemoUser.address));
    const auto known = TRY(run_to_end(serving_->messages().list(account_.id, 1, {})));
    if (known.empty()) TRY(make_history(*serving_, clock_, account_.id));
    std::set<std::string> scopes(std::begin(http::kAllScopes), std::end(http::kAllScopes));
    token_ = TRY(run_to_end(serving_->api_tokens().issue(account_.id, "demo", std::move(scopes)))).value;
    return {};
}

}  // namespace inboxpro::app
