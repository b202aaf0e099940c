#pragma once
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "tracking/event.h"
#include "vault/keys.h"

namespace inboxpro {

/// Events that wait on local disk for the store. Sealed, bounded, synced by a thread of its own. A file is a row of
/// records: a marker, the length, and sealed together at most 64 events that came together; a damaged record costs
/// itself and no other. Thread-safe.
class Journal {
  public:
    struct Entry {
        Event event;
        bool admitted = false;  ///< Its token's limit has already let it in.
    };
    struct EntryView {
        const Event& event;
        bool admitted;
    };
    /// One closed file, read.
    struct Segment {
        std::filesystem::path file;
        std::vector<Entry> entries;
        std::size_t damaged = 0;  ///< Places that did not open.
    };
    /// Told, on the journal's thread, that everything appended up to this ticket is on disk.
    using Synced = std::function<void(std::uint64_t ticket)>;

    /// Makes the directory if missing (mode 0700). `denied` or `unavailable` with one plain sentence.
    static Result<std::unique_ptr<Journal>> open(std::filesystem::path directory, std::uint64_t limit,
                                                 const KeySet& keys, Random& random, Synced synced);
    ~Journal();

    /// Hands the event to the operating system, so that it outlives this process, and returns its ticket; empty when
    /// the journal is full or cannot be written.
    std::optional<std::uint64_t> append(const Entry& entry);
    /// The same for all of them in one write; their tickets follow one another. Returns the first one's.
    std::optional<std::uint64_t> append_all(std::span<const EntryView> entries);
    /// The event with this ticket is stored after all. A closed file of which all are goes without being read.
    void settle(std::uint64_t ticket);
    /// What is appended from now on goes into another file.
    void close_file();
    /// The oldest closed file; empty when there is none.
    Result<std::optional<Segment>> oldest();
    /// Its events are stored: deletes the file, or sets it aside as *.damaged when a part of it did not open.
    void remove(const Segment& segment);
    /// Events in all files.
    std::uint64_t waiting() const;
    /// How much of its limit is taken, 0 to 1.
    double fullness() const;

    /// The id that this installation's node keeps over restarts; made on first use.
    Result<RawId> node_id(TimePoint now);

  private:
    struct File;
    /// What became of the events of a file that this run has written.
    struct Written {
        std::uint64_t number;
        std::uint64_t events = 0;
        std::uint64_t settled = 0;
    };
    Journal(std::filesystem::path directory, std::uint64_t limit, const KeySet& keys, Random& random, Synced synced);
    Result<void> find_files();
    bool open_next_file();
    Bytes record_of(std::span<const EntryView> entries);
    bool write(const Bytes& records);
    bool is_current(std::uint64_t number) const;
    void close_current();
    void delete_file(std::uint64_t number, std::uint64_t events, bool damaged);
    void sync_until_stopped();
    Segment read(const std::filesystem::path& file) const;
    std::optional<std::vector<Entry>> opened(BytesView sealed) const;

    std::filesystem::path directory_;
    std::uint64_t limit_;
    std::map<KeyVersion, Secret> keys_;
    Random& random_;
    Synced synced_;

    mutable std::mutex mutex_;
    std::condition_variable appended_;
    std::map<std::uint64_t, std::filesystem::path> files_;  ///< All, oldest first; the last may be `current_`.
    std::shared_ptr<File> current_;
    std::vector<std::shared_ptr<File>> unsynced_;
    std::map<std::uint64_t, Written> written_;  ///< Files of this run that are still there, by their first ticket.
    std::uint64_t next_file_ = 1;
    std::uint64_t bytes_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t last_ticket_ = 0;
    bool broken_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace inboxpro
