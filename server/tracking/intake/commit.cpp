#include <boost/json/monotonic_resource.hpp>

#include "base/turn.h"
#include "tracking/intake/recorder.h"

namespace inboxpro {
namespace {

/// A crowd is on disk already and asks for the processor; so storing it in bulk takes a ninth of the time at first, and
/// all of it once the journal is half full.
int rests_after_bulk(double fullness) {
    return fullness < 0.25 ? 8 : fullness < 0.5 ? 2 : 0;
}

constexpr std::chrono::seconds kLongestRest{1};

/// After so many of a batch whatever else waits for the recorder has its turn.
constexpr std::size_t kTurn = 256;

}  // namespace

Task<void> Recorder::commit_next(std::vector<WaitingPtr> items) {
    const auto began = Clock_::now();
    co_await commit(std::move(items));
    --commits_;
    const auto now = Clock_::now();
    next_bulk_ = now + std::min<Clock_::duration>(rests_after_bulk(journal_->fullness()) * (now - began), kLongestRest);
    gather();
}

Task<bool> Recorder::commit(std::vector<WaitingPtr> items) {
    Batch batch{.items = std::move(items)};
    in_flight_.push_back(&batch);
    bool committed = co_await try_to_commit(batch);
    if (!committed) ++failing_;
    const bool failed = !committed;
    while (!committed && !giving_up_) {
        co_await pause(kRetryPause);
        committed = co_await try_to_commit(batch);
    }
    if (failed) --failing_;
    std::erase(in_flight_, &batch);
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
        const auto waiting = std::move(batch.items[i]);
        if (committed) {
            waiting->settle(*journal_);
            answer(waiting);
        } else if (!journal(waiting)) {
            ++dropped_;
        }
        if (i % kTurn == kTurn - 1) co_await let_others_run();
    }
    flush_answers();
    co_return committed;
}

void Recorder::judge_all(Batch& batch) {
    for (const auto& waiting : batch.items) {
        const auto* message = contexts_.find(waiting->event);
        if (message == nullptr) {
            ++unknown_;
            continue;
        }
        batch.judged.push_back({.event = waiting->event, .verdict = options_.judge(waiting->event, *message)});
        batch.people.push_back(message->people);
    }
    batch.is_judged = true;
}

void Recorder::leave_out_who_objects(Batch& batch) const {
    if (objections_.empty()) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.judged.size(); ++i) {
        const auto& event = batch.judged[i].event;
        if (objections_.silence(event.message, event.recipient, *batch.people[i])) continue;
        std::swap(batch.judged[kept], batch.judged[i]);
        std::swap(batch.people[kept++], batch.people[i]);
    }
    batch.judged.resize(kept);
    batch.people.resize(kept);
}

/// Nothing is left to store. Where that is because of an objection the answer must come no sooner for it.
Task<bool> Recorder::finish_empty(Batch& batch, bool somebody_objects) {
    if (batch.mark && batch.tried)
        fold_.settle_from_store(batch.mark->batch);
    else if (batch.mark)
        fold_.settle(batch.mark->batch, {});
    if (batch.mark) fold_bell_.cancel();
    if (somebody_objects) co_await objections_.take_as_long_as_storing();
    co_return true;
}

Task<bool> Recorder::try_to_commit(Batch& batch) {
    if (!co_await objections_.catch_up()) co_return false;
    if (!batch.is_judged) {
        std::vector<const Event*> events;
        for (const auto& waiting : batch.items) events.push_back(&waiting->event);
        if (!co_await contexts_.load(events)) co_return false;
        judge_all(batch);
    }
    const bool had_some = !batch.judged.empty();
    leave_out_who_objects(batch);
    if (batch.judged.empty()) co_return co_await finish_empty(batch, had_some);
    if (!batch.mark) batch.mark = fold_.begin_batch();
    std::vector<Document> documents;
    documents.reserve(batch.judged.size());
    const auto memory = boost::json::make_shared_resource<boost::json::monotonic_resource>();
    for (const auto& judged : batch.judged) {
        documents.push_back(document_of(judged, *batch.mark, memory));
        if (documents.size() % kTurn == 0) co_await let_others_run();
    }
    const auto is_new = co_await documents_.insert_many(kEvents, std::move(documents));
    const bool first = !std::exchange(batch.tried, true);
    if (!is_new) {
        if (is_new.error().kind == ErrorKind::unavailable) co_return false;
        co_return co_await commit_one_by_one(batch);
    }
    std::vector<JudgedEvent> stored;
    for (std::size_t i = 0; i < batch.judged.size(); ++i) {
        if (first && !(*is_new)[i]) continue;
        count_stored(batch.judged[i].event);
        stored.push_back(std::move(batch.judged[i]));
    }
    if (first)
        fold_.settle(batch.mark->batch, std::move(stored));
    else
        fold_.settle_from_store(batch.mark->batch);
    fold_bell_.cancel();
    co_return true;
}

/// One account's key may be gone, which must not cost the others their events.
Task<bool> Recorder::commit_one_by_one(Batch& batch) {
    for (const auto& judged : batch.judged) {
        std::vector<Document> one;
        one.push_back(document_of(judged, *batch.mark));
        const auto is_new = co_await documents_.insert_many(kEvents, std::move(one));
        if (is_new) {
            if (is_new->front()) count_stored(judged.event);
            continue;
        }
        if (is_new.error().kind == ErrorKind::unavailable) co_return false;
        contexts_.forget(judged.event.message);
        ++unknown_;
    }
    fold_.settle_from_store(batch.mark->batch);
    fold_bell_.cancel();
    co_return true;
}

void Recorder::count_stored(const Event& event) {
    ++(event.kind == EventKind::open ? opens_stored_ : clicks_stored_);
}

}  // namespace inboxpro
