#pragma once
#include <map>
#include <mutex>
#include <set>

#include "tracking/events.h"
#include "tracking/hindsight.h"
#include "worker/work_loop.h"

namespace inboxpro {

/// Judges messages again once nothing that comes can change what their events mean. Remembers in memory which; after a
/// start take_up() finds them again. See WorkLoop.
class Hindsights {
  public:
    using OnFailure = std::function<void(const Error&)>;
    /// False while events that have come are not stored yet: they may change what others mean, so nothing is judged.
    using AllIsStored = std::function<bool()>;

    Hindsights(Hindsight& hindsight, Messages& messages, boost::asio::io_context& loop, const Clock& clock,
               AllIsStored all_is_stored, OnFailure on_failure);

    /// An event was stored and is in its message's figures. From any thread; returns at once.
    void note(const JudgedEvent& judged);
    /// Something became known that may change what the message's events of now mean. From any thread.
    void look_again(AccountId account, MessageId message);
    /// What an earlier run saw last in this account, and may not have judged again because it was killed.
    Task<Result<void>> take_up(AccountId account, Events& events);
    void start() { loop_.start(); }
    void stop(std::chrono::milliseconds grace) { loop_.stop(grace); }
    /// Messages that will be judged again.
    std::size_t waiting() const;

  private:
    struct Due {
        AccountId account;
        TimePoint at;       ///< When it is judged.
        TimePoint settled;  ///< When nothing that has come can change any more.
        TimePoint latest;   ///< Judged by then, even while more comes.
    };
    using Waiting = std::map<MessageId, Due>;
    /// More than this wait for `classify --rescore`.
    static constexpr std::size_t kMostWaiting = 100'000;
    /// A message that is asked for all the time is judged this often.
    static constexpr std::chrono::minutes kLongestWait{1};

    void expect(AccountId account, MessageId message, TimePoint at);
    void wait_until(Waiting::iterator message, TimePoint at);
    void finish(Waiting::iterator message);
    Task<Result<std::vector<WorkLoop::Piece>>> due(std::size_t limit);
    Task<Result<void>> judge_again(AccountId account, MessageId message);

    Hindsight& hindsight_;
    Messages& messages_;
    const Clock& clock_;
    AllIsStored all_is_stored_;
    mutable std::mutex mutex_;
    Waiting waiting_;
    std::set<std::pair<TimePoint, MessageId>> by_time_;  ///< The same.
    WorkLoop loop_;
};

}  // namespace inboxpro
