#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "vault/keys.h"

namespace inboxpro {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kKeyTextSize = 44;
constexpr std::size_t kFileLimit = 64 * 1024;
constexpr KeyVersion kNewestPossible = 65'535;

struct NamedPurpose {
    KeyPurpose purpose;
    std::string_view name;
};
constexpr std::array<NamedPurpose, 4> kPurposes = {{{KeyPurpose::master, "master"},
                                                    {KeyPurpose::token, "token"},
                                                    {KeyPurpose::index, "index"},
                                                    {KeyPurpose::journal, "journal"}}};

using Keys = std::map<KeyPurpose, std::map<KeyVersion, Secret>>;

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

  private:
    int number_;
};

std::string reason(int code) {
    return std::generic_category().message(code);
}

std::unexpected<Error> malformed(const std::filesystem::path& path, std::string_view what) {
    return fail(ErrorKind::corrupt, fmt::format("The key file {} {}.", path.string(), what));
}

std::unexpected<Error> cannot_open(const std::filesystem::path& path, int code) {
    if (code == ENOENT) return fail(ErrorKind::not_found, fmt::format("There is no key file {}.", path.string()));
    if (code == ELOOP)
        return fail(ErrorKind::denied, fmt::format("The key file {} is not a regular file.", path.string()));
    const auto kind = code == EACCES || code == EPERM ? ErrorKind::denied : ErrorKind::unavailable;
    return fail(kind, fmt::format("The key file {} cannot be read: {}.", path.string(), reason(code)));
}

Result<Secret> text_of(const std::filesystem::path& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file) return cannot_open(path, errno);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) return cannot_open(path, errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorKind::denied, fmt::format("The key file {} is not a regular file.", path.string()));
    if ((status.st_mode & 077) != 0)
        return fail(ErrorKind::denied, fmt::format("The key file {} can be used by others; run: chmod 600 {}",
                                                   path.string(), path.string()));
    if (status.st_size > static_cast<off_t>(kFileLimit)) return malformed(path, "is too large");
    Bytes text(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t count = ::read(file.number(), text.data(), text.size());
    if (count < 0) return cannot_open(path, errno);
    text.resize(static_cast<std::size_t>(count));
    return Secret{std::move(text)};
}

/// Up to the next `separator`, which goes with it.
std::string_view take_until(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto front = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return front;
}

/// Decoded in place of base/bytes.h's way, which would leave a copy behind in freed memory.
std::optional<Secret> key_of(std::string_view text) {
    if (text.size() != kKeyTextSize || text.find_first_of("= \t\r") != kKeyTextSize - 1) return {};
    Bytes key(kKeySize + 1, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    key.pop_back();
    Secret secret{std::move(key)};
    if (size != kKeySize + 1) return {};
    return secret;
}

/// What is wrong with the line; empty when its key was added.
std::string_view add_line(Keys& keys, std::string_view line) {
    const auto name = take_until(line, ' ');
    const auto number = take_until(line, ' ');
    const auto purpose = std::ranges::find(kPurposes, name, &NamedPurpose::name);
    if (purpose == kPurposes.end()) return "names a purpose that is not known here";
    KeyVersion version = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), version);
    if (parsed.ec != std::errc{} || parsed.ptr != number.data() + number.size() || version < 1 ||
        version > kNewestPossible)
        return "has no version from 1 to 65535";
    auto key = key_of(line);
    if (!key) return "has no 32 bytes in base64";
    if (!keys[purpose->purpose].emplace(version, std::move(*key)).second) return "repeats a version";
    return {};
}

Keys fresh_keys(Random& random) {
    Keys keys;
    for (const auto& [purpose, name] : kPurposes) keys[purpose].emplace(1, Secret{random.bytes(kKeySize)});
    return keys;
}

std::map<KeyPurpose, KeySet> sets_of(Keys keys) {
    std::map<KeyPurpose, KeySet> sets;
    for (auto& [purpose, versions] : keys) sets.emplace(purpose, KeySet{std::move(versions)});
    return sets;
}

Secret written(const std::map<KeyPurpose, KeySet>& sets) {
    constexpr std::string_view kHead =
        "# The keys of InboxPro. Without this file the database cannot be read: keep a copy, apart from the "
        "database.\n";
    Bytes text;
    text.reserve(1024);
    text.append(kHead);
    for (const auto& [purpose, name] : kPurposes)
        for (const auto& [version, key] : sets.at(purpose)) {
            text.append(fmt::format("{} {} ", name, version));
            const auto at = text.size();
            text.resize(at + kKeyTextSize + 1);
            EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + at),
                            reinterpret_cast<const unsigned char*>(key.reveal().data()), kKeySize);
            text.back() = '\n';
        }
    return Secret{std::move(text)};
}

/// Whether all of it is on the disk, together with its name.
bool write_synced(int file, const std::filesystem::path& path, BytesView text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    const auto directory_path = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const Descriptor directory{::open(directory_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return ::fsync(file) == 0 && directory && ::fsync(directory.number()) == 0;
}

}  // namespace

Result<KeyFile> KeyFile::load(const std::filesystem::path& path) {
    const Secret text = TRY(text_of(path));
    Keys keys;
    auto rest = text.reveal();
    for (int number = 1; !rest.empty(); ++number) {
        const auto line = take_until(rest, '\n');
        if (line.empty() || line.starts_with('#')) continue;
        if (const auto wrong = add_line(keys, line); !wrong.empty())
            return malformed(path, fmt::format("{} in line {}", wrong, number));
    }
    for (const auto& [purpose, name] : kPurposes)
        if (!keys.contains(purpose)) return malformed(path, fmt::format("has no {} key", name));
    return KeyFile{sets_of(std::move(keys))};
}

Result<KeyFile> KeyFile::create(const std::filesystem::path& path, Random& random) {
    KeyFile keys = in_memory(random);
    const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) {
        if (errno == EEXIST)
            return fail(ErrorKind::conflict, fmt::format("There is already a key file {}.", path.string()));
        const auto kind = errno == EACCES || errno == EPERM ? ErrorKind::denied : ErrorKind::unavailable;
        return fail(kind, fmt::format("The key file {} cannot be made: {}.", path.string(), reason(errno)));
    }
    if (!write_synced(file.number(), path, written(keys.sets_).reveal())) {
        const int code = errno;
        ::unlink(path.c_str());
        return fail(ErrorKind::unavailable,
                    fmt::format("The key file {} cannot be written: {}.", path.string(), reason(code)));
    }
    return keys;
}

KeyFile KeyFile::in_memory(Random& random) {
    return KeyFile{sets_of(fresh_keys(random))};
}

}  // namespace inboxpro
