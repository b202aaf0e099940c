#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tracking/intake/recorder.h"

namespace inboxpro {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostPending = 20'000;
constexpr std::size_t kJournaledTogether = 512;
/// With more than this in memory nothing is read back from the journal: most of it is still there.
constexpr std::size_t kBusy = 1'000;
constexpr auto kDrainPause = 100ms;
/// A crowd has gone when for so long few have come at once.
constexpr auto kCrowdStays = 500ms;

}  // namespace

void Recorder::make_safe(Waiting& waiting) {
    const auto outcome = waiting.journal_once(*journal_);
    if (outcome == Waiting::Journaled::now) {
        ++journaled_;
        if (!stopped_) asio::post(loop_, [this] { drain_bell_.cancel(); });
    } else if (outcome == Waiting::Journaled::refused && stopped_) {
        ++dropped_;
    }
}

void Recorder::notice_crowd() {
    const auto now = Clock_::now();
    const auto newcomers = pending_.size() - late_pending_;
    const bool many = is_crowded_ ? newcomers > options_.journal_above / 4
                                  : commits_ == kCommits && newcomers > options_.journal_above;
    if (many) crowded_until_ = now + kCrowdStays;
    is_crowded_ = now < crowded_until_;
    if (!is_crowded_) return;
    const std::vector<WaitingPtr> late(pending_.begin() + static_cast<std::ptrdiff_t>(late_pending_), pending_.end());
    if (!journal_together(late)) {
        is_crowded_ = false;
        return;
    }
    const bool had_room = std::exchange(has_room_, pending_.size() <= options_.crowd_in_memory / (has_room_ ? 1 : 2));
    // So that a file's events are all in memory, or none.
    if (had_room != has_room_) journal_->close_file();
    if (!had_room) pending_.erase(pending_.end() - static_cast<std::ptrdiff_t>(late.size()), pending_.end());
    late_pending_ = pending_.size();
}

Task<void> Recorder::watch_the_time() {
    while (commits_ > 0 || !pending_.empty()) {
        watch_bell_.expires_after(std::clamp(options_.journal_after / 8, 1ms, 5ms));
        co_await watch_bell_.async_wait(asio::as_tuple(asio::use_awaitable));
        gather();
        journal_late(Clock_::now() - options_.journal_after);
        flush_answers();
    }
    watching_ = false;
}

void Recorder::journal_late(Clock_::time_point arrived_before) {
    std::vector<WaitingPtr> late;
    for (auto* batch : in_flight_) {
        if (batch->is_safe) continue;
        batch->is_safe = true;
        for (const auto& waiting : batch->items) {
            if (waiting->is_journaled()) continue;
            if (waiting->arrived < arrived_before)
                late.push_back(waiting);
            else
                batch->is_safe = false;
        }
    }
    std::size_t end = late_pending_;
    for (; end < pending_.size() && pending_[end]->arrived < arrived_before; ++end) late.push_back(pending_[end]);
    if (journal_together(late))
        late_pending_ = end;
    else
        for (auto* batch : in_flight_) batch->is_safe = false;
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
    is_crowded_ ? gather() : flush_answers();
}

bool Recorder::can_drain() const {
    // What is in the journal and being stored from memory goes unread.
    const bool stores_safe = std::ranges::any_of(in_flight_, [](const Batch* batch) { return batch->is_safe; });
    return !giving_up_ && failing_ == 0 && pending_.size() < kBusy && !stores_safe;
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

}  // namespace inboxpro
