#pragma once
#include <filesystem>

#include "base/error.h"

namespace inboxpro::app {

/// Held by the one server that works on a data directory; ends with the process, however that ends.
class DirectoryLock {
  public:
    /// `conflict` when another process holds it.
    static Result<DirectoryLock> take(const std::filesystem::path& directory);
    DirectoryLock(DirectoryLock&& other) noexcept;
    DirectoryLock& operator=(DirectoryLock&&) = delete;
    ~DirectoryLock();

  private:
    explicit DirectoryLock(int file) : file_(file) {}
    int file_;
};

}  // namespace inboxpro::app
