#pragma once
#include <memory>
#include <thread>

#include "store/sqlite/job.h"

namespace inboxpro::sqlite {

/// The one thread that writes. Commits together whatever waits: while one commit syncs, the next batch gathers. After a
/// failed write to the disk it refuses all further work, because what a repeated sync reports cannot be trusted.
class Writer {
  public:
    Writer(std::unique_ptr<Connection> connection, std::size_t queue_limit);
    /// Does what waits, then ends.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    JobQueue& queue() { return queue_; }

  private:
    void work();
    void commit(Jobs& batch);
    void run(Job& job);
    void note(const SQLite::Exception& failure);
    void checkpoint_when_due();

    std::unique_ptr<Connection> connection_;
    JobQueue queue_;
    int pages_in_log_ = 0;
    int next_checkpoint_ = 0;  ///< Pages in the log at which one is due.
    bool is_broken_ = false;
    std::thread thread_;
};

}  // namespace inboxpro::sqlite
