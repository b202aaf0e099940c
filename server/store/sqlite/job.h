#pragma once
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/task.h"
#include "store/sqlite/connection.h"

namespace inboxpro::sqlite {

/// Work for a thread of the store, and the caller who waits for its outcome.
class Job {
  public:
    virtual ~Job() = default;
    /// May throw SQLite::Exception.
    virtual void run(Connection& connection) = 0;
    /// Makes this the outcome, whatever it was.
    virtual void refuse(Error error) = 0;
    /// Hands the outcome to the caller, on the caller's own executor. Once, as the last call.
    virtual void answer() = 0;
};

using Jobs = std::vector<std::unique_ptr<Job>>;

/// Jobs in the order of their arrival. Thread-safe.
class JobQueue {
  public:
    explicit JobQueue(std::size_t limit) : limit_(limit) {}

    /// Answers the job at once with `unavailable` when `limit` others wait, or after close().
    void push(std::unique_ptr<Job> job);
    /// Waits for jobs and takes at most `most` of them; none when the queue is closed and empty.
    Jobs take(std::size_t most);
    void close();

  private:
    std::size_t limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<Job>> waiting_;
    bool is_closed_ = false;
};

/// The Result that a piece of work gives.
template <class Work>
using Outcome = std::invoke_result_t<Work&, Connection&>;

template <class Work, class Caller>
class WaitingJob final : public Job {
  public:
    WaitingJob(Work work, Caller caller) : work_(std::move(work)), caller_(std::move(caller)) {}

    void run(Connection& connection) override { outcome_.emplace(work_(connection)); }
    void refuse(Error error) override { outcome_.emplace(std::unexpected(std::move(error))); }
    void answer() override {
        const auto executor = boost::asio::get_associated_executor(caller_);
        // Else the caller's loop could end, and be destroyed, while this thread is still inside post().
        const auto guard = boost::asio::make_work_guard(executor);
        boost::asio::post(executor, [caller = std::move(caller_), outcome = std::move(*outcome_)]() mutable {
            std::move(caller)(std::move(outcome));
        });
    }

  private:
    Work work_;
    Caller caller_;
    std::optional<Outcome<Work>> outcome_;
};

/// Does `work`, which takes a Connection and returns a Result, on a thread that serves the queue.
template <class Work>
Task<Outcome<Work>> through(JobQueue& queue, Work work) {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome<Work>)>(
        [](auto caller, JobQueue* to, Work what) {
            to->push(std::make_unique<WaitingJob<Work, decltype(caller)>>(std::move(what), std::move(caller)));
        },
        boost::asio::use_awaitable, &queue, std::move(work));
}

}  // namespace inboxpro::sqlite
