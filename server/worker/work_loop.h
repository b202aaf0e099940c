#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/id.h"
#include "base/task.h"

namespace inboxpro {

/// Looks for records that are due and takes each a step further, several at a time. One of a kind on each node; what
/// two nodes find at once is done by one of them, and the other's `conflict` is no failure. All its work runs on the
/// loop it is given.
class WorkLoop {
  public:
    struct Piece {
        RawId id;  ///< Of the record: no second piece of it is begun meanwhile.
        std::function<Task<Result<void>>()> step;
    };
    /// What is due now, at most so many.
    using Find = std::function<Task<Result<std::vector<Piece>>>(std::size_t)>;
    /// Told of steps that failed for another reason than being overtaken, and with a nil id of a search that failed.
    using OnFailure = std::function<void(RawId, const Error&)>;

    /// How long until something becomes due by itself; empty when that is not known.
    using Until = std::function<Task<std::optional<std::chrono::milliseconds>>()>;

    WorkLoop(boost::asio::io_context& loop, Find find, OnFailure on_failure, Until until = {});

    void start();
    /// Looks at once instead of within a second. From any thread.
    void notify();
    /// Takes on nothing new and waits for what is under way, at most `grace`. What is then still open is found again
    /// by its lease. Not from the loop's own thread.
    void stop(std::chrono::milliseconds grace);

  private:
    Task<void> run();
    Task<void> take_on_what_is_due();
    Task<std::chrono::milliseconds> rest();
    Task<void> advance(Piece piece);

    boost::asio::io_context& loop_;
    Find find_;
    Until until_;
    OnFailure on_failure_;
    boost::asio::steady_timer wake_;
    bool stopping_ = false;
    bool asked_ = false;
    std::unordered_set<RawId> under_way_;
    std::promise<void> ended_;
};

}  // namespace inboxpro
