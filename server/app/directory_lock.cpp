#include "app/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

namespace inboxpro::app {

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
    const auto path = directory / "serving.lock";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return fail(ErrorKind::denied, fmt::format("{} cannot be written", path.string()));
    if (flock(file, LOCK_EX | LOCK_NB) == 0) return DirectoryLock(file);
    close(file);
    return fail(ErrorKind::conflict, fmt::format("another InboxPro server already works on {}", directory.string()));
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
    if (file_ >= 0) close(file_);
}

}  // namespace inboxpro::app
