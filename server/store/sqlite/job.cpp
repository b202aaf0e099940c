#include "store/sqlite/job.h"

#include <algorithm>
#include <iterator>

namespace inboxpro::sqlite {

void JobQueue::push(std::unique_ptr<Job> job) {
    {
        const std::scoped_lock lock{mutex_};
        if (!is_closed_ && waiting_.size() < limit_) {
            waiting_.push_back(std::move(job));
            changed_.notify_one();
            return;
        }
    }
    job->refuse({.kind = ErrorKind::unavailable, .detail = "The database has more work than it can do."});
    job->answer();
}

Jobs JobQueue::take(std::size_t most) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
    Jobs taken{std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end)};
    waiting_.erase(waiting_.begin(), end);
    return taken;
}

void JobQueue::close() {
    const std::scoped_lock lock{mutex_};
    is_closed_ = true;
    changed_.notify_all();
}

}  // namespace inboxpro::sqlite
