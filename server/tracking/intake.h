#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "store/documents.h"
#include "tracking/events.h"
#include "tracking/intake/judge.h"
#include "tracking/objections.h"
#include "tracking/token.h"

namespace inboxpro {

struct IntakeOptions {
    std::filesystem::path journal_directory;          ///< Made if missing; sealed, synced, bounded.
    std::uint64_t journal_limit = 256 * 1024 * 1024;  ///< Bytes; past it events are dropped and counted.
    std::chrono::milliseconds journal_after{40};      ///< An event not stored by then goes to the journal.
    std::size_t journal_above = 64;                   ///< When more wait for a commit to end, they go there at once;
    std::size_t crowd_in_memory = 16'000;           ///< so many of them are stored from memory, the others from there.
    std::chrono::milliseconds answer_within{50};    ///< No request waits longer than this.
    std::uint32_t max_events_per_token_hour = 100;  ///< 0: no limit.
    using Judge = Verdict (*)(const Event&, const MessageContext&);
    Judge judge = &inboxpro::judge;  ///< Gives first verdicts; another one only to measure what this one costs.
};

struct IntakeFigures {
    std::uint64_t opens_stored = 0;
    std::uint64_t clicks_stored = 0;
    std::uint64_t journaled = 0;
    std::uint64_t over_limit = 0;  ///< Not stored: the token's hour was full.
    std::uint64_t dropped = 0;     ///< Journal full or unwritable.
    std::uint64_t unknown = 0;     ///< Message or account is gone.
    std::uint64_t waiting = 0;     ///< In the journal now.
};

/// Records opens and clicks durably, many in one commit. Thread-safe.
class Intake {
  public:
    /// Told of every newly stored event, on the recorder's thread: live feed.
    using Listener = std::function<void(const JudgedEvent&)>;

    static Result<std::unique_ptr<Intake>> open(IntakeOptions options, Documents& documents, Objections& objections,
                                                const KeySet& journal_keys, const Clock& clock, Random& random,
                                                Listener listener);
    virtual ~Intake() = default;

    /// Records what `token` and the request say. Resumes once it is durable (stored or journaled), or after
    /// `answer_within`, whichever is first. Never fails: what could not be kept is counted. Of who objects nothing is
    /// kept, and the wait is the same.
    virtual Task<void> record(TrackingToken token, Event seen) = 0;
    virtual IntakeFigures figures() const = 0;
    /// Stores or journals all that waits, then ends. Afterwards record() counts as dropped.
    virtual void stop() = 0;
};

}  // namespace inboxpro
