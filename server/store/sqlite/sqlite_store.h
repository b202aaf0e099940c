#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "store/store.h"

namespace inboxpro {

struct SqliteOptions {
    std::filesystem::path file;
    std::size_t readers = 2;           ///< Read connections, each with a thread of its own.
    std::size_t queue_limit = 65'536;  ///< Operations that may wait; past it a write is refused as unavailable.
};

/// Opens or makes the database. One writer thread commits together whatever waits (WAL, synchronous=FULL), each
/// operation under its own savepoint. Fails with one plain sentence: `denied` or `unavailable` when the file cannot be
/// opened or the disk is full, `conflict` when a newer version of the program made it, `corrupt` when it is no database
/// of ours. When the store goes, it first does what waits; the executors of its callers must outlive it. Fields and
/// indexes that are new in `collections` are added.
Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options, std::vector<const Collection*> collections);

}  // namespace inboxpro
