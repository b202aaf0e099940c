#include "store/sqlite/writer.h"

#include <sqlite3.h>

namespace inboxpro::sqlite {
namespace {

constexpr std::size_t kBatch = 1'000;
constexpr int kCheckpointPages = 2'000;
/// Past this the writer waits for readers, so that the log starts anew and does not grow for ever.
constexpr int kMostPages = 8 * kCheckpointPages;

/// The failures after which a transaction cannot go on, even where SQLite has not rolled it back.
bool ends_transaction(const SQLite::Exception& failure, const Connection& connection) {
    const int code = failure.getErrorCode();
    return code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_NOMEM ||
           sqlite3_get_autocommit(connection.database().getHandle()) != 0;
}

int remember_pages(void* pages_in_log, sqlite3*, const char*, int pages) {
    *static_cast<int*>(pages_in_log) = pages;
    return SQLITE_OK;
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, std::size_t queue_limit)
    : connection_(std::move(connection)), queue_(queue_limit) {
    // Takes the place of SQLite's own checkpoints, which hide a failed sync.
    sqlite3_wal_hook(connection_->database().getHandle(), remember_pages, &pages_in_log_);
    thread_ = std::thread{[this] { work(); }};
}

Writer::~Writer() {
    queue_.close();
    thread_.join();
}

void Writer::work() {
    for (auto batch = queue_.take(kBatch); !batch.empty(); batch = queue_.take(kBatch)) {
        commit(batch);
        for (const auto& job : batch) job->answer();
        batch.clear();
        checkpoint_when_due();
    }
}

void Writer::commit(Jobs& batch) {
    std::optional<Error> failure;
    if (is_broken_) {
        failure = {.kind = ErrorKind::unavailable,
                   .detail = "A write to the disk failed; check the disk, then start InboxPro again."};
    } else {
        try {
            connection_->run("BEGIN IMMEDIATE");
            for (const auto& job : batch) run(*job);
            connection_->run("COMMIT");
        } catch (const SQLite::Exception& thrown) {
            note(thrown);
            failure = error_of(thrown);
            failure->kind = ErrorKind::unavailable;
            if (sqlite3_get_autocommit(connection_->database().getHandle()) == 0)
                sqlite3_exec(connection_->database().getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
    }
    if (failure)
        for (const auto& job : batch) job->refuse(*failure);
}

void Writer::run(Job& job) {
    try {
        job.run(*connection_);
    } catch (const SQLite::Exception& failure) {
        if (ends_transaction(failure, *connection_)) throw;
        job.refuse(error_of(failure));
    }
}

void Writer::note(const SQLite::Exception& failure) {
    if (failure.getErrorCode() == SQLITE_IOERR) is_broken_ = true;
}

void Writer::checkpoint_when_due() {
    if (pages_in_log_ < kCheckpointPages) next_checkpoint_ = kCheckpointPages;
    if (is_broken_ || pages_in_log_ < next_checkpoint_) return;
    next_checkpoint_ = pages_in_log_ + kCheckpointPages;
    const int mode = pages_in_log_ < kMostPages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
    const int code = sqlite3_wal_checkpoint_v2(connection_->database().getHandle(), nullptr, mode, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_IOERR) is_broken_ = true;
}

}  // namespace inboxpro::sqlite
