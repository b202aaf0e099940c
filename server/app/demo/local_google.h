#pragma once
#include <memory>
#include <string>

#include "base/random.h"
#include "http/server/server.h"
#include "sandbox/sandbox.h"

namespace inboxpro::app {

/// A sandbox Google that answers on an address of its own.
class LocalGoogle {
  public:
    /// `port 0` takes a free port. `threads`, `clock` and `random` must outlive it.
    static Result<std::unique_ptr<LocalGoogle>> listen(const std::string& address, http::IoThreads& threads,
                                                       const Clock& clock, Random& random);
    void start() { server_->start(); }
    void stop(std::chrono::milliseconds grace) { server_->stop(grace); }

    const std::string& origin() const { return origin_; }
    sandbox::Sandbox& sandbox() { return sandbox_; }

  private:
    LocalGoogle(const Clock& clock, Random& random) : sandbox_({}, clock, random) {}

    sandbox::Sandbox sandbox_;
    std::unique_ptr<http::Server> server_;
    std::string origin_;
};

}  // namespace inboxpro::app
