#pragma once
#include <functional>
#include <map>
#include <unordered_map>

#include "tracking/event_record.h"
#include "tracking/tally_record.h"

namespace inboxpro {

/// Per node, up to which of its batches every tally is folded.
extern const Collection kFoldCursors;

/// Adds committed events to the tallies of their messages, each exactly once, over crashes and repeated attempts.
///
/// Every event carries the node and the batch it was committed in. A tally remembers the last batch of each node that
/// it has counted, and is changed by compare-and-set together with its figures; so folding a batch again changes
/// nothing. Batches are folded in their order: one that is still being committed holds back those behind it. After a
/// crash the batches behind the cursor are read from the store and folded again. For one thread.
class Fold {
  public:
    /// Told of every event once its message's tally has it.
    using Listener = std::function<void(const JudgedEvent&)>;

    /// At most this many events share one batch.
    static constexpr std::size_t kMostInBatch = 8'192;

    Fold(Documents& documents, RawId node, Listener listener);

    /// Folds what an earlier run left behind, without telling the listener. Before anything else.
    Task<Result<void>> recover();

    /// Numbers the next batch; it must be settled one day.
    BatchMark begin_batch();
    /// The batch is committed and holds exactly these events.
    void settle(std::int64_t batch, std::vector<JudgedEvent> events);
    /// The batch is committed, but only the store knows which events it holds.
    void settle_from_store(std::int64_t batch);

    /// Folds all settled batches that nothing holds back. An error leaves them for the next call.
    Task<Result<void>> advance();
    /// Whether advance() has something to do.
    bool is_behind() const;
    /// Events of settled batches that are not folded yet.
    std::size_t waiting() const { return waiting_; }

  private:
    struct Settled {
        std::vector<JudgedEvent> events;
        bool in_store = false;
    };
    /// The part of a fold that belongs to one message.
    struct Share {
        AccountId account;
        MessageId message;
        std::vector<std::pair<std::int64_t, const JudgedEvent*>> events;
    };

    Task<Result<std::vector<Document>>> stored_behind(std::int64_t batch, std::optional<std::int64_t> below);
    static std::vector<Share> shares_of(const std::map<std::int64_t, Settled>& batches);
    Task<Result<void>> fold_batches(const std::map<std::int64_t, Settled>& batches, std::int64_t last);
    Task<Result<std::vector<Share>>> fold_known(std::vector<Share> shares, std::int64_t last);
    bool add(const Share& share, std::int64_t last, TallyRecord& record) const;
    Task<void> fold_share(Share share, std::int64_t last, Result<void>& outcome);
    Task<Result<void>> fold_once(const Share& share, std::int64_t last);
    Task<Result<TallyRecord>> record_of(const Share& share);
    Task<Result<void>> write_cursor(std::int64_t batch);
    Task<Result<bool>> is_gone(const Share& share);

    Documents& documents_;
    RawId node_;
    std::string node_text_;
    Listener listener_;
    std::int64_t next_batch_ = 1;
    std::int64_t folded_to_ = 0;
    std::uint64_t cursor_version_ = 0;
    std::size_t waiting_ = 0;
    std::map<std::int64_t, Settled> settled_;
    std::unordered_map<MessageId, TallyRecord> tallies_;
};

}  // namespace inboxpro
