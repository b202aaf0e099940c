#include "worker/hindsights.h"

namespace inboxpro {

Hindsights::Hindsights(Hindsight& hindsight, Messages& messages, boost::asio::io_context& loop, const Clock& clock,
                       AllIsStored all_is_stored, OnFailure on_failure)
    : hindsight_(hindsight),
      messages_(messages),
      clock_(clock),
      all_is_stored_(std::move(all_is_stored)),
      loop_(
          loop, [this](std::size_t limit) { return due(limit); },
          [on_failure = std::move(on_failure)](RawId, const Error& error) { on_failure(error); }) {}

void Hindsights::note(const JudgedEvent& judged) {
    expect(judged.event.account, judged.event.message, judged.event.at);
}

void Hindsights::look_again(AccountId account, MessageId message) {
    expect(account, message, clock_.now());
}

Task<Result<void>> Hindsights::take_up(AccountId account, Events& events) {
    for (const auto message : CO_TRY(co_await events.lately_seen(account))) look_again(account, message);
    co_return Result<void>{};
}

void Hindsights::expect(AccountId account, MessageId message, TimePoint at) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting && !waiting_.contains(message)) return;
    const auto due_at = at + Hindsight::kSettledAfter;
    const auto [found, is_new] = waiting_.try_emplace(
        message, Due{.account = account, .at = due_at, .settled = due_at, .latest = due_at + kLongestWait});
    auto& due = found->second;
    if (is_new) {
        by_time_.emplace(due_at, message);
    } else if (due_at > due.settled) {
        due.settled = due_at;
        wait_until(found, std::min(due_at, due.latest));
    }
}

void Hindsights::wait_until(Waiting::iterator message, TimePoint at) {
    auto& [id, due] = *message;
    by_time_.erase({due.at, id});
    due.at = at;
    by_time_.emplace(at, id);
}

/// Of a message that was just judged.
void Hindsights::finish(Waiting::iterator message) {
    auto& [id, due] = *message;
    const auto now = clock_.now();
    if (due.settled > now) {
        due.latest = now + kLongestWait;
        return wait_until(message, std::min(due.settled, due.latest));
    }
    by_time_.erase({due.at, id});
    waiting_.erase(message);
}

std::size_t Hindsights::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

Task<Result<std::vector<WorkLoop::Piece>>> Hindsights::due(std::size_t limit) {
    const auto now = clock_.now();
    std::vector<WorkLoop::Piece> pieces;
    if (!all_is_stored_()) co_return pieces;
    const std::lock_guard lock(mutex_);
    for (const auto& [due_at, message] : by_time_) {
        if (pieces.size() == limit || due_at > now) break;
        pieces.push_back({.id = message.raw, .step = [this, account = waiting_.at(message).account, message] {
                              return judge_again(account, message);
                          }});
    }
    co_return pieces;
}

Task<Result<void>> Hindsights::judge_again(AccountId account, MessageId id) {
    const auto message = co_await messages_.get(account, id);
    Result<void> outcome;
    if (message) {
        if (const auto judged = co_await hindsight_.judge_again(*message); !judged)
            outcome = std::unexpected(judged.error());
    } else {
        outcome = std::unexpected(message.error());
    }
    // A store that does not answer is asked again; a message that is gone has nothing to judge.
    const bool is_open = !outcome && outcome.error().kind == ErrorKind::unavailable;
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(id);
    if (!is_open && found != waiting_.end()) finish(found);
    if (!outcome && outcome.error().kind == ErrorKind::not_found) co_return Result<void>{};
    co_return outcome;
}

}  // namespace inboxpro
