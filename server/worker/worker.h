#pragma once
#include "outbox/outbox.h"
#include "worker/work_loop.h"

namespace inboxpro {

/// Takes mail that is due a step further. See WorkLoop.
class Worker {
  public:
    using OnFailure = std::function<void(MessageId, const Error&)>;

    Worker(Outbox& outbox, boost::asio::io_context& loop, OnFailure on_failure);

    void start() { loop_.start(); }
    void notify() { loop_.notify(); }
    void stop(std::chrono::milliseconds grace) { loop_.stop(grace); }

  private:
    WorkLoop loop_;
};

}  // namespace inboxpro
