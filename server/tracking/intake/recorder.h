#pragma once
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <span>
#include <thread>

#include "tracking/fold.h"
#include "tracking/intake.h"
#include "tracking/intake/journal.h"
#include "tracking/intake/message_contexts.h"
#include "tracking/intake/token_limit.h"
#include "tracking/intake/waiting.h"

namespace inboxpro {

/// The thread behind the intake: gathers all lanes, commits many events at once (the next batch gathers while one
/// commits), answers the requests, journals what is late, folds what is committed and drains the journal. When more
/// come than commits keep up with, it journals first and stores in bulk. Everything here runs on its one thread, but
/// for what says otherwise.
class Recorder {
  public:
    Recorder(IntakeOptions options, Documents& documents, Objections& objections, const Clock& clock,
             std::unique_ptr<Journal> journal, RawId node, Intake::Listener listener);
    ~Recorder() { stop(); }
    void start();

    /// Any thread: takes the event, or counts it as dropped and returns false.
    bool accept(WaitingPtr waiting);
    /// Any thread: the request's time is up. Its event is in the journal when this returns, if the journal can take it.
    void make_safe(Waiting& waiting);
    /// Any thread: stores or journals all that waits, then ends the thread. Waits for store calls that are under way.
    void stop();
    /// Any thread.
    IntakeFigures figures() const;
    /// The journal's thread: everything up to this ticket is on disk.
    void synced(std::uint64_t ticket);

  private:
    /// Events that are committed together, and how far that has come.
    struct Batch {
        std::vector<WaitingPtr> items;
        std::vector<JudgedEvent> judged = {};         ///< Those whose message is known.
        std::vector<Objections::People> people = {};  ///< To whom the mail of each of them went.
        bool is_judged = false;
        bool is_safe = false;  ///< All of it is in the journal.
        std::optional<BatchMark> mark = {};
        bool tried = false;  ///< An earlier attempt may have stored some or all of it.
    };
    using Clock_ = std::chrono::steady_clock;

    Lane& lane_of_this_thread();
    void spawn(Task<void> task);
    /// One commits while the next gathers and is sealed.
    static constexpr std::size_t kCommits = 2;
    /// How long a store that refused is left alone.
    static constexpr std::chrono::milliseconds kRetryPause{50};
    Task<void> pause(std::chrono::milliseconds time);
    void wake_if_hungry();

    void gather();
    void sort_in(WaitingPtr waiting);
    bool may_commit() const;
    std::vector<WaitingPtr> take_pending();
    std::size_t most_commits() const;
    /// In a crowd everybody is journaled and answered at once, and stored in bulk, in its own time.
    void notice_crowd();
    bool lanes_are_empty();
    Task<void> commit_next(std::vector<WaitingPtr> items);
    Task<bool> commit(std::vector<WaitingPtr> items);
    Task<bool> try_to_commit(Batch& batch);
    Task<bool> commit_one_by_one(Batch& batch);
    void judge_all(Batch& batch);
    void leave_out_who_objects(Batch& batch) const;
    Task<bool> finish_empty(Batch& batch, bool somebody_objects);
    void count_stored(const Event& event);

    void answer(const WaitingPtr& waiting);
    void flush_answers();

    Task<void> watch_the_time();
    void journal_late(Clock_::time_point arrived_before);
    bool journal(const WaitingPtr& waiting);
    /// False when the journal refuses; those that are in it or stored already do not matter.
    bool journal_together(std::span<const WaitingPtr> late);
    void forget_most_pending();
    void answer_synced(std::uint64_t ticket);

    Task<void> recover();
    Task<void> keep_folding();
    bool can_drain() const;
    Task<void> keep_draining();
    Task<bool> drain(Journal::Segment& segment);
    Task<void> finish();

    IntakeOptions options_;
    Documents& documents_;
    Objections& objections_;
    const Clock& clock_;

    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{loop_.get_executor()};
    boost::asio::steady_timer watch_bell_{loop_};
    boost::asio::steady_timer fold_bell_{loop_};
    boost::asio::steady_timer fold_rest_{loop_};
    boost::asio::steady_timer drain_bell_{loop_};

    MessageContexts contexts_;
    TokenLimit limit_;
    Fold fold_;
    std::deque<WaitingPtr> pending_;
    std::size_t late_pending_ = 0;  ///< So many at the front of it are in the journal, too.
    std::vector<Batch*> in_flight_;
    std::deque<WaitingPtr> unsynced_;
    std::vector<WaitingPtr> answers_;
    std::vector<WaitingPtr> arrived_;
    std::size_t commits_ = 0;  ///< Under way, without the drain's.
    std::size_t failing_ = 0;  ///< Commits that the store has refused at least once.
    std::size_t tasks_ = 0;
    bool is_crowded_ = false;
    bool has_room_ = true;  ///< For what a crowd leaves, in memory.
    Clock_::time_point crowded_until_ = {};
    Clock_::time_point next_bulk_ = {};  ///< While it is crowded the next commit begins no sooner.
    bool watching_ = false;
    bool recovered_ = false;
    bool giving_up_ = false;

    std::mutex lanes_mutex_;
    std::map<std::thread::id, std::unique_ptr<Lane>> lanes_;
    const std::uint64_t serial_;
    std::atomic<bool> hungry_ = true;
    std::atomic<bool> stopped_ = false;
    std::atomic<std::uint64_t> opens_stored_ = 0, clicks_stored_ = 0, journaled_ = 0, over_limit_ = 0, dropped_ = 0,
                               unknown_ = 0;
    std::unique_ptr<Journal> journal_;
    std::thread thread_;
};

}  // namespace inboxpro
