#pragma once
#include "outbox/outbox.h"
#include "worker/work_loop.h"

namespace inboxpro {

/// Takes mail that is due a step further, and after its start follows what became of the rules of time zones. See
/// WorkLoop.
class Worker {
  public:
    using OnFailure = std::function<void(MessageId, const Error&)>;

    Worker(Outbox& outbox, boost::asio::io_context& loop, const Clock& clock, OnFailure on_failure);

    void start() { loop_.start(); }
    void notify() { loop_.notify(); }
    void stop(std::chrono::milliseconds grace) { loop_.stop(grace); }

  private:
    Task<Result<std::vector<WorkLoop::Piece>>> due(std::size_t limit);
    Task<Result<void>> follow_zones();
    Task<std::optional<std::chrono::milliseconds>> until_next();

    Outbox& outbox_;
    const Clock& clock_;
    std::optional<SteadyPoint> follow_zones_at_;  ///< Empty once it is done.
    WorkLoop loop_;
};

}  // namespace inboxpro
