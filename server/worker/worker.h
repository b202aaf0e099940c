#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <unordered_set>

#include "outbox/outbox.h"

namespace inboxpro {

/// Looks for mail that is due and takes each a step further, several at a time. One on each node; what two nodes find
/// at once is done by one of them. All its work runs on the loop it is given.
class Worker {
  public:
    /// Told of steps that failed for another reason than being overtaken: for the log.
    using OnFailure = std::function<void(MessageId, const Error&)>;

    Worker(Outbox& outbox, boost::asio::io_context& loop, OnFailure on_failure);

    void start();
    /// Looks at once instead of within a second. From any thread.
    void notify();
    /// Takes on nothing new and waits for what is under way, at most `grace`. What is then still open is found again
    /// by its lease. Not from the loop's own thread.
    void stop(std::chrono::milliseconds grace);

  private:
    Task<void> run();
    Task<void> take_on_what_is_due();
    Task<void> advance(Send send);
    bool idle() const { return under_way_.empty(); }

    Outbox& outbox_;
    boost::asio::io_context& loop_;
    OnFailure on_failure_;
    boost::asio::steady_timer wake_;
    bool stopping_ = false;
    bool asked_ = false;
    std::unordered_set<MessageId> under_way_;
    std::promise<void> ended_;
};

}  // namespace inboxpro
