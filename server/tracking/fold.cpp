#include "tracking/fold.h"

#include "base/turn.h"
#include "tracking/body.h"
#include "tracking/intake/run_all.h"
#include "tracking/messages.h"

namespace inboxpro {
namespace {

constexpr std::size_t kMostTallies = 8'192;
constexpr int kFoldTries = 64;
/// After so many events or tallies whatever else waits for the recorder has its turn.
constexpr std::size_t kTurnOfFold = 256;
/// More than two full batches, so that a page always holds a whole one.
constexpr std::size_t kFoldPage = 3 * Fold::kMostInBatch;

}  // namespace

Fold::Fold(Documents& documents, RawId node, Listener listener)
    : documents_(documents), node_(node), node_text_(node.text()), listener_(std::move(listener)) {}

Task<Result<void>> Fold::recover() {
    const auto cursor = co_await documents_.get(kFoldCursors, node_);
    if (cursor) {
        folded_to_ = CO_TRY(number_field(*cursor, 0));
        cursor_version_ = cursor->version;
    } else if (cursor.error().kind != ErrorKind::not_found) {
        co_return std::unexpected(cursor.error());
    }
    while (true) {
        auto page = CO_TRY(co_await stored_behind(folded_to_, {}));
        if (page.empty()) break;
        std::map<std::int64_t, Settled> batches;
        for (const auto& document : page) {
            auto& batch = batches[CO_TRY(batch_of(document))];
            if (auto judged = judged_event_of(document)) batch.events.push_back(std::move(*judged));
        }
        // The last batch of a full page may go on behind it.
        if (page.size() == kFoldPage && batches.size() > 1) batches.erase(std::prev(batches.end()));
        CO_TRY(co_await fold_batches(batches, batches.rbegin()->first));
    }
    next_batch_ = folded_to_ + 1;
    co_return Result<void>{};
}

BatchMark Fold::begin_batch() {
    return {.node = node_, .batch = next_batch_++};
}

void Fold::settle(std::int64_t batch, std::vector<JudgedEvent> events) {
    waiting_ += events.size();
    settled_[batch] = {.events = std::move(events)};
}

void Fold::settle_from_store(std::int64_t batch) {
    settled_[batch] = {.events = {}, .in_store = true};
}

bool Fold::is_behind() const {
    return !settled_.empty() && settled_.begin()->first == folded_to_ + 1;
}

Task<Result<void>> Fold::advance() {
    auto last = folded_to_;
    while (settled_.contains(last + 1)) ++last;
    if (last == folded_to_) co_return Result<void>{};
    for (auto batch = folded_to_ + 1; batch <= last; ++batch) {
        auto& settled = settled_[batch];
        if (!settled.in_store) continue;
        std::vector<JudgedEvent> events;
        for (const auto& document : CO_TRY(co_await stored_behind(batch - 1, batch + 1)))
            if (auto judged = judged_event_of(document)) events.push_back(std::move(*judged));
        waiting_ += events.size();
        settled = {.events = std::move(events)};
    }
    const auto begin = settled_.begin();
    const auto end = settled_.upper_bound(last);
    std::map<std::int64_t, Settled> batches;
    for (auto at = begin; at != end;) batches.insert(settled_.extract(at++));
    const auto folded = co_await fold_batches(batches, last);
    if (!folded) {
        settled_.merge(batches);
        co_return folded;
    }
    for (const auto& [batch, settled] : batches) {
        waiting_ -= settled.events.size();
        for (std::size_t told = 0; listener_ && told < settled.events.size();) {
            listener_(settled.events[told++]);
            if (told % kTurnOfFold == 0) co_await let_others_run();
        }
    }
    co_return Result<void>{};
}

Task<Result<std::vector<Document>>> Fold::stored_behind(std::int64_t batch, std::optional<std::int64_t> below) {
    Query query{.index = "by_batch", .equals = {Bytes{node_.view()}}, .from = Value{batch + 1}, .limit = kFoldPage};
    if (below) query.below = Value{*below};
    co_return co_await documents_.find(kEvents, std::move(query));
}

Task<Result<void>> Fold::fold_batches(const std::map<std::int64_t, Settled>& batches, std::int64_t last) {
    if (tallies_.size() > kMostTallies) tallies_.clear();
    auto one_by_one = CO_TRY(co_await fold_known(shares_of(batches), last));
    Result<void> outcome;
    std::vector<Task<void>> folds;
    for (auto& share : one_by_one) folds.push_back(fold_share(std::move(share), last, outcome));
    if (!folds.empty()) co_await run_all(std::move(folds));
    if (!outcome) co_return outcome;
    CO_TRY(co_await write_cursor(last));
    folded_to_ = last;
    co_return Result<void>{};
}

std::vector<Fold::Share> Fold::shares_of(const std::map<std::int64_t, Settled>& batches) {
    std::vector<Share> shares;
    std::unordered_map<MessageId, std::size_t> places;
    for (const auto& [batch, settled] : batches) {
        for (const auto& judged : settled.events) {
            const auto [place, is_new] = places.try_emplace(judged.event.message, shares.size());
            if (is_new)
                shares.push_back({.account = judged.event.account, .message = judged.event.message, .events = {}});
            shares[place->second].events.emplace_back(batch, &judged);
        }
    }
    return shares;
}

/// Tallies that are at hand are written all at once. Returns what must go one by one: unknown here, or changed by
/// another node.
Task<Result<std::vector<Fold::Share>>> Fold::fold_known(std::vector<Share> shares, std::int64_t last) {
    std::vector<Share> written, rest;
    std::vector<Document> documents;
    for (auto& share : shares) {
        const auto known = tallies_.find(share.message);
        if (known == tallies_.end()) {
            rest.push_back(std::move(share));
        } else if (add(share, last, known->second)) {
            documents.push_back(document_of(known->second));
            written.push_back(std::move(share));
            if (written.size() % kTurnOfFold == 0) co_await let_others_run();
        }
    }
    if (written.empty()) co_return rest;
    const auto versions = co_await documents_.replace_many(kTallies, std::move(documents));
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto version = versions ? (*versions)[i] : 0;
        if (version != 0) {
            tallies_.at(written[i].message).version = version;
            continue;
        }
        tallies_.erase(written[i].message);
        rest.push_back(std::move(written[i]));
    }
    if (!versions && versions.error().kind == ErrorKind::unavailable) co_return std::unexpected(versions.error());
    co_return rest;
}

/// False when an earlier fold has counted all of the share.
bool Fold::add(const Share& share, std::int64_t last, TallyRecord& record) const {
    auto& folded = record.folded[node_text_];
    if (folded >= last) return false;
    for (const auto& [batch, judged] : share.events)
        if (batch > folded) count(record.tally, judged->event, judged->verdict.label);
    folded = last;
    return true;
}

Task<void> Fold::fold_share(Share share, std::int64_t last, Result<void>& outcome) {
    for (int tries = 0; tries < kFoldTries; ++tries) {
        const auto folded = co_await fold_once(share, last);
        if (folded) co_return;
        tallies_.erase(share.message);
        const auto kind = folded.error().kind;
        if (kind == ErrorKind::conflict || kind == ErrorKind::not_found) continue;
        // An unreadable tally stays as it is and must not hold up the others.
        if (kind == ErrorKind::unavailable) outcome = std::unexpected(folded.error());
        co_return;
    }
    outcome = fail(ErrorKind::conflict, "a tally is being changed by others all the time");
}

Task<Result<void>> Fold::fold_once(const Share& share, std::int64_t last) {
    auto record = CO_TRY(co_await record_of(share));
    if (!add(share, last, record)) co_return Result<void>{};
    if (record.version != 0) {
        record.version = CO_TRY(co_await documents_.replace(kTallies, document_of(record)));
    } else {
        if (CO_TRY(co_await is_gone(share))) co_return Result<void>{};
        CO_TRY(co_await documents_.insert(kTallies, document_of(record)));
        record.version = 1;
    }
    tallies_[share.message] = std::move(record);
    co_return Result<void>{};
}

Task<Result<TallyRecord>> Fold::record_of(const Share& share) {
    if (const auto known = tallies_.find(share.message); known != tallies_.end()) co_return known->second;
    const auto document = co_await documents_.get(kTallies, share.message.raw);
    if (document) co_return tally_record_of(*document);
    if (document.error().kind != ErrorKind::not_found) co_return std::unexpected(document.error());
    co_return TallyRecord{
        .account = share.account, .tally = {.message = share.message, .recipients = {}}, .folded = {}};
}

Task<Result<bool>> Fold::is_gone(const Share& share) {
    Messages messages{documents_};
    const auto message = co_await messages.get(share.account, share.message);
    if (message) co_return false;
    if (message.error().kind != ErrorKind::not_found) co_return std::unexpected(message.error());
    // Discarded while its events were on their way: leave no trace.
    for (const auto& [batch, judged] : share.events) CO_TRY(co_await documents_.erase(kEvents, judged->event.id.raw));
    co_return true;
}

Task<Result<void>> Fold::write_cursor(std::int64_t batch) {
    Document cursor{.id = node_, .account = {}, .version = cursor_version_, .fields = {Value{batch}}, .body = {}};
    if (cursor_version_ == 0) {
        const auto made = co_await documents_.insert(kFoldCursors, cursor);
        if (made) cursor_version_ = 1;
        if (made || made.error().kind != ErrorKind::conflict) co_return made;
        // An earlier attempt made it after all.
        cursor_version_ = CO_TRY(co_await documents_.get(kFoldCursors, node_)).version;
        co_return co_await write_cursor(batch);
    }
    const auto version = co_await documents_.replace(kFoldCursors, cursor);
    if (version) {
        cursor_version_ = *version;
        co_return Result<void>{};
    }
    if (version.error().kind != ErrorKind::conflict) co_return std::unexpected(version.error());
    cursor_version_ = CO_TRY(co_await documents_.get(kFoldCursors, node_)).version;
    co_return co_await write_cursor(batch);
}

}  // namespace inboxpro
