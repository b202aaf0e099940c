#include "app/demo/local_google.h"

#include <fmt/format.h>

namespace inboxpro::app {
namespace {

constexpr std::size_t kLargestUpload = 52 * 1024 * 1024;

}  // namespace

Result<std::unique_ptr<LocalGoogle>> LocalGoogle::listen(const std::string& address, http::IoThreads& threads,
                                                         const Clock& clock, Random& random) {
    std::unique_ptr<LocalGoogle> google(new LocalGoogle(clock, random));
    http::ServerOptions options{.listen = address, .name = "sandbox"};
    options.limits.body = kLargestUpload;
    google->server_ = TRY(http::Server::listen(std::move(options), google->sandbox_.router(), threads, clock, random));
    google->origin_ = fmt::format("http://{}:{}", address.substr(0, address.rfind(':')), google->server_->port());
    google->sandbox_.set_origin(google->origin_);
    return google;
}

}  // namespace inboxpro::app
