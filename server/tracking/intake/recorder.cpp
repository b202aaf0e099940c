#include "tracking/intake/recorder.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// One commits while the next gathers and is sealed.
constexpr std::size_t kCommits = 2;
constexpr std::size_t kMostPending = 20'000;
constexpr std::size_t kMostUnfolded = 20'000;
constexpr std::size_t kJournaledTogether = 64;
/// With more than this in memory nothing is read back from the journal: most of it is still there.
constexpr std::size_t kBusy = 1'000;
constexpr auto kDrainPause = 100ms;
/// Under load one fold takes in many batches: a tally is written once for all of them.
constexpr auto kFoldPause = 500ms;
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

void Recorder::make_safe(Waiting& waiting) {
    const auto outcome = waiting.journal_once(*journal_);
    if (outcome == Waiting::Journaled::now) {
        ++journaled_;
        if (!stopped_) asio::post(loop_, [this] { drain_bell_.cancel(); });
    } else if (outcome == Waiting::Journaled::refused && stopped_) {
        ++dropped_;
    }
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
        while (recovered_ && !giving_up_ && commits_ < kCommits && !pending_.empty() &&
               fold_.waiting() < kMostUnfolded) {
            const auto end =
                pending_.begin() + static_cast<std::ptrdiff_t>(std::min(pending_.size(), Fold::kMostInBatch));
            std::vector<WaitingPtr> items(std::move_iterator(pending_.begin()), std::move_iterator(end));
            pending_.erase(pending_.begin(), end);
            late_pending_ -= std::min(late_pending_, items.size());
            ++commits_;
            spawn(commit_next(std::move(items)));
        }
        // With nothing under way the next arrival rings; otherwise the end of a commit, or the clock, comes back here.
        if (commits_ < kCommits && pending_.empty()) hungry_ = true;
    } while (hungry_ && !lanes_are_empty());
    flush_answers();
    if (!watching_ && (commits_ > 0 || !pending_.empty())) {
        watching_ = true;
        spawn(watch_the_time());
    }
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

Task<void> Recorder::watch_the_time() {
    while (commits_ > 0 || !pending_.empty()) {
        watch_bell_.expires_after(std::max(options_.journal_after / 8, 1ms));
        co_await watch_bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        gather();
        journal_late(Clock_::now() - options_.journal_after);
        flush_answers();
    }
    watching_ = false;
}

void Recorder::journal_late(Clock_::time_point arrived_before) {
    std::vector<WaitingPtr> late;
    for (const auto* batch : in_flight_)
        std::ranges::copy_if(batch->items, std::back_inserter(late), [&](const WaitingPtr& waiting) {
            return waiting->arrived < arrived_before && !waiting->is_journaled();
        });
    std::size_t end = late_pending_;
    for (; end < pending_.size() && pending_[end]->arrived < arrived_before; ++end) late.push_back(pending_[end]);
    if (journal_together(late)) late_pending_ = end;
    forget_most_pending();
}

/// What is journaled stays in memory as well, and is mostly stored from there; past a bound the journal has to do.
void Recorder::forget_most_pending() {
    for (; pending_.size() > kMostPending; pending_.pop_front()) {
        late_pending_ -= std::min<std::size_t>(late_pending_, 1);
        if (pending_.front()->is_journaled()) continue;
        ++dropped_;
        answer(pending_.front());
    }
}

bool Recorder::journal_together(std::span<const WaitingPtr> late) {
    for (; !late.empty(); late = late.subspan(std::min(late.size(), kJournaledTogether))) {
        std::vector<WaitingPtr> taken;
        std::vector<std::unique_lock<std::mutex>> locks;
        std::vector<Journal::EntryView> entries;
        for (const auto& waiting : late.first(std::min(late.size(), kJournaledTogether))) {
            std::unique_lock lock{waiting->journaling};
            if (waiting->ticket || waiting->stored) continue;
            entries.push_back({.event = waiting->event, .admitted = waiting->admitted});
            taken.push_back(waiting);
            locks.push_back(std::move(lock));
        }
        if (taken.empty()) continue;
        auto ticket = journal_->append_all(entries);
        if (!ticket) return false;
        for (const auto& waiting : taken) waiting->ticket = (*ticket)++;
        journaled_ += taken.size();
        std::ranges::move(taken, std::back_inserter(unsynced_));
        drain_bell_.cancel();
    }
    return true;
}

bool Recorder::journal(const WaitingPtr& waiting) {
    return journal_together({&waiting, 1});
}

void Recorder::synced(std::uint64_t ticket) {
    asio::post(loop_, [this, ticket] { answer_synced(ticket); });
}

void Recorder::answer_synced(std::uint64_t ticket) {
    while (!unsynced_.empty() && *unsynced_.front()->ticket <= ticket) {
        answer(unsynced_.front());
        unsynced_.pop_front();
    }
    flush_answers();
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
        const auto folded = co_await fold_.advance();
        if (!folded && giving_up_) co_return;
        gather();
        if (folded && (before <= Fold::kMostInBatch / 8 || stopped_)) continue;
        fold_rest_.expires_after(kFoldPause);
        co_await fold_rest_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

bool Recorder::can_drain() const {
    return !giving_up_ && failing_ == 0 && pending_.size() < kBusy;
}

Task<void> Recorder::keep_draining() {
    while (!giving_up_) {
        if (journal_->waiting() == 0) {
            drain_bell_.expires_after(std::chrono::hours{24});
            co_await drain_bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        // While the store refuses or is behind nothing is drained, and one file is enough.
        if (can_drain()) journal_->close_file();
        // What is late only because a commit takes long is stored by that commit, and its file goes unread.
        co_await pause(kDrainPause);
        while (can_drain()) {
            auto segment = journal_->oldest();
            if (!segment || !*segment) break;
            if (co_await drain(**segment)) journal_->remove(**segment);
        }
    }
}

Task<bool> Recorder::drain(Journal::Segment& segment) {
    std::vector<WaitingPtr> items;
    for (std::size_t i = 0; i < segment.entries.size(); ++i) {
        auto& entry = segment.entries[i];
        if (entry.admitted || limit_.admit(entry.event, clock_.steady())) {
            auto waiting = std::make_shared<Waiting>();
            waiting->event = std::move(entry.event);
            waiting->ticket = 0;
            waiting->admitted = true;
            items.push_back(std::move(waiting));
        } else {
            ++over_limit_;
        }
        if (items.size() == Fold::kMostInBatch || (i + 1 == segment.entries.size() && !items.empty()))
            if (!co_await commit(std::exchange(items, {}))) co_return false;
    }
    co_return true;
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
