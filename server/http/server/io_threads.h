#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace inboxpro::http {

/// A few threads, each with a loop of its own: a connection lives on one of them and shares no lock with the others.
class IoThreads {
  public:
    explicit IoThreads(std::size_t count);
    ~IoThreads() { stop(); }
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    std::size_t size() const { return loops_.size(); }
    boost::asio::io_context& loop(std::size_t index) { return *loops_[index]; }
    /// Ends all loops and joins. Whatever still waits on them is dropped.
    void stop();

  private:
    using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
    std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
    std::vector<Guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace inboxpro::http
