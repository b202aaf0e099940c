#pragma once
#include "mailbox/follower.h"
#include "worker/work_loop.h"

namespace inboxpro {

/// Looks into mailboxes that are due, and every ten minutes for accounts that are not followed yet. See WorkLoop.
class Rounds {
  public:
    using OnFailure = std::function<void(AccountId, const Error&)>;

    Rounds(Follower& follower, boost::asio::io_context& loop, const Clock& clock, OnFailure on_failure);

    void start() { loop_.start(); }
    void notify() { loop_.notify(); }
    void stop(std::chrono::milliseconds grace) { loop_.stop(grace); }

  private:
    Task<Result<std::vector<WorkLoop::Piece>>> due(std::size_t limit);
    Task<Result<void>> adopt();

    Follower& follower_;
    const Clock& clock_;
    SteadyPoint adopt_at_;
    WorkLoop loop_;
};

}  // namespace inboxpro
