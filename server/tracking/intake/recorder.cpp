#include "tracking/intake/recorder.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// In a crowd fewer than a batch could hold, as the journal's syncs wait for the disk that these fill.
constexpr std::size_t kMostInBulk = 1'024;
constexpr std::size_t kMostUnfolded = 40'000;
constexpr std::size_t kFewUnfolded = 256;
/// Under load one fold takes in many batches: a tally is written once for all of them.
constexpr auto kFoldPause = 500ms;
/// Nor does it take more than a fifth of the time.
constexpr int kFoldRests = 4;
constexpr auto kFinishWithin = 500ms;

std::uint64_t next_serial() {
    static std::atomic<std::uint64_t> serial = 0;
    return ++serial;
}

}  // namespace

Recorder::Recorder(IntakeOptions options, Documents& documents, Objections& objections, const Clock& clock,
                   std::unique_ptr<Journal> journal, RawId node, Intake::Listener listener)
    : options_(std::move(options)),
      documents_(documents),
      objections_(objections),
      clock_(clock),
      contexts_(documents, objections, clock),
      limit_(options_.max_events_per_token_hour),
      fold_(documents, node, std::move(listener)),
      serial_(next_serial()),
      journal_(std::move(journal)) {}

void Recorder::start() {
    spawn(recover());
    thread_ = std::thread([this] { loop_.run(); });
}

bool Recorder::accept(WaitingPtr waiting) {
    if (stopped_ || !lane_of_this_thread().push(std::move(waiting))) {
        ++dropped_;
        return false;
    }
    wake_if_hungry();
    return true;
}

Lane& Recorder::lane_of_this_thread() {
    thread_local std::uint64_t of = 0;
    thread_local Lane* lane = nullptr;
    if (of != serial_) {
        const std::scoped_lock lock{lanes_mutex_};
        auto& mine = lanes_[std::this_thread::get_id()];
        if (!mine) mine = std::make_unique<Lane>();
        lane = mine.get();
        of = serial_;
    }
    return *lane;
}

void Recorder::wake_if_hungry() {
    if (hungry_.exchange(false)) asio::post(loop_, [this] { gather(); });
}

void Recorder::spawn(Task<void> task) {
    ++tasks_;
    asio::co_spawn(loop_, std::move(task), [this](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
        if (--tasks_ == 0) guard_.reset();
    });
}

Task<void> Recorder::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(loop_, time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

void Recorder::gather() {
    do {
        hungry_ = false;
        {
            const std::scoped_lock lock{lanes_mutex_};
            for (auto& [thread, lane] : lanes_) lane->take(arrived_);
        }
        for (auto& waiting : arrived_) sort_in(std::move(waiting));
        arrived_.clear();
        notice_crowd();
        while (may_commit()) {
            ++commits_;
            spawn(commit_next(take_pending()));
        }
        // With nothing under way the next arrival rings; otherwise the end of a commit or of the journal's sync, or the
        // clock, comes back here.
        if (commits_ < most_commits() && pending_.empty()) hungry_ = true;
    } while (hungry_ && !lanes_are_empty());
    flush_answers();
    if (!watching_ && (commits_ > 0 || !pending_.empty())) {
        watching_ = true;
        spawn(watch_the_time());
    }
}

std::size_t Recorder::most_commits() const {
    return is_crowded_ ? 1 : kCommits;
}

bool Recorder::may_commit() const {
    return recovered_ && !giving_up_ && commits_ < most_commits() && !pending_.empty() &&
           fold_.waiting() < kMostUnfolded && (!is_crowded_ || Clock_::now() >= next_bulk_);
}

std::vector<WaitingPtr> Recorder::take_pending() {
    const auto most = is_crowded_ ? kMostInBulk : Fold::kMostInBatch;
    const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(std::min(pending_.size(), most));
    std::vector<WaitingPtr> items(std::move_iterator(pending_.begin()), std::move_iterator(end));
    pending_.erase(pending_.begin(), end);
    late_pending_ -= std::min(late_pending_, items.size());
    return items;
}

bool Recorder::lanes_are_empty() {
    const std::scoped_lock lock{lanes_mutex_};
    return std::ranges::all_of(lanes_, [](const auto& lane) { return lane.second->empty(); });
}

void Recorder::sort_in(WaitingPtr waiting) {
    {
        const std::scoped_lock lock{waiting->journaling};
        if (waiting->ticket) return;  // Too late already; it comes back with the journal.
        waiting->admitted = limit_.admit(waiting->event, clock_.steady());
    }
    if (waiting->admitted) {
        pending_.push_back(std::move(waiting));
        return;
    }
    ++over_limit_;
    answer(waiting);
}

void Recorder::answer(const WaitingPtr& waiting) {
    auto expected = Waiting::Request::waits;
    if (waiting->request.compare_exchange_strong(expected, Waiting::Request::is_answered)) answers_.push_back(waiting);
}

void Recorder::flush_answers() {
    std::map<asio::execution_context*, std::vector<WaitingPtr>> by_thread;
    for (auto& waiting : answers_) by_thread[&waiting->executor.context()].push_back(std::move(waiting));
    answers_.clear();
    for (auto& [context, waiting] : by_thread) {
        const auto executor = waiting.front()->executor;
        asio::post(executor, [all = std::move(waiting)] {
            for (const auto& one : all) {
                one->resumed = true;
                if (one->timer != nullptr) one->timer->cancel();
            }
        });
    }
}

Task<void> Recorder::recover() {
    while (!giving_up_ && !co_await fold_.recover()) co_await pause(kRetryPause);
    recovered_ = !giving_up_;
    if (!recovered_) co_return;
    spawn(keep_folding());
    spawn(keep_draining());
    gather();
}

Task<void> Recorder::keep_folding() {
    while (true) {
        if (!fold_.is_behind()) {
            if (giving_up_) co_return;
            fold_bell_.expires_at(Clock_::time_point::max());
            co_await fold_bell_.async_wait(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        const auto before = fold_.waiting();
        const auto began = Clock_::now();
        const auto folded = co_await fold_.advance();
        if (!folded && giving_up_) co_return;
        gather();
        if (folded && (before <= kFewUnfolded || fold_.waiting() > kMostUnfolded / 2 || stopped_)) continue;
        fold_rest_.expires_after(std::max<Clock_::duration>(kFoldPause, kFoldRests * (Clock_::now() - began)));
        co_await fold_rest_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void Recorder::stop() {
    if (stopped_.exchange(true) || !thread_.joinable()) return;
    asio::post(loop_, [this] { spawn(finish()); });
    thread_.join();
}

Task<void> Recorder::finish() {
    const auto end = Clock_::now() + kFinishWithin;
    fold_rest_.cancel();
    gather();
    // A store that refuses now is not waited for: that is what the journal is for.
    while (Clock_::now() < end && failing_ == 0 && (commits_ > 0 || !pending_.empty() || fold_.is_behind())) {
        co_await pause(2ms);
        gather();
    }
    giving_up_ = true;
    const std::vector<WaitingPtr> left(pending_.begin(), pending_.end());
    pending_.clear();
    late_pending_ = 0;
    journal_together(left);
    dropped_ += static_cast<std::uint64_t>(
        std::ranges::count_if(left, [](const WaitingPtr& waiting) { return !waiting->is_journaled(); }));
    while (Clock_::now() < end && !unsynced_.empty()) co_await pause(2ms);
    for (auto* timer : {&watch_bell_, &fold_bell_, &fold_rest_, &drain_bell_}) timer->cancel();
}

IntakeFigures Recorder::figures() const {
    return {.opens_stored = opens_stored_,
            .clicks_stored = clicks_stored_,
            .journaled = journaled_,
            .over_limit = over_limit_,
            .dropped = dropped_,
            .unknown = unknown_,
            .waiting = journal_->waiting()};
}

}  // namespace inboxpro
