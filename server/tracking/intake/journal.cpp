#include "tracking/intake/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tracking/intake/event_bytes.h"
#include "vault/sealing.h"

namespace inboxpro {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarker = "IPJ2";
constexpr std::size_t kHead = 4 + 4;
constexpr std::size_t kMostInRecord = 64;
constexpr std::size_t kLongestRecord = 1024 * 1024;
constexpr std::uint64_t kFileSize = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds kGather{4};
constexpr std::string_view kPrefix = "events-";
constexpr std::string_view kSuffix = ".journal";
constexpr SealContext kContext{.collection = "journal", .record = {}, .account = {}};

std::optional<std::uint64_t> number_of(const fs::path& file) {
    const auto name = file.filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return {};
    const auto digits = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    if (digits.empty() || digits.size() > 18 || digits.find_first_not_of("0123456789") != std::string::npos) return {};
    return std::stoull(digits);
}

Bytes contents_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The sealed part of the record that begins at `at`; empty when none does, or not all of it is there.
std::optional<BytesView> record_at(BytesView bytes, std::size_t at) {
    auto rest = bytes.substr(at);
    if (!rest.starts_with(kMarker)) return {};
    rest.remove_prefix(kMarker.size());
    const auto length = take_u32(rest);
    if (!length || *length > kLongestRecord || *length > rest.size()) return {};
    return rest.substr(0, *length);
}

bool sync_directory(const fs::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done;
}

}  // namespace

struct Journal::File {
    int descriptor = -1;
    std::uint64_t size = 0;
    bool directory_synced = false;
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

Result<std::unique_ptr<Journal>> Journal::open(fs::path directory, std::uint64_t limit, const KeySet& keys,
                                               Random& random, Synced synced) {
    std::error_code failure;
    if (fs::create_directories(directory, failure))
        fs::permissions(directory, fs::perms::owner_all, fs::perm_options::replace, failure);
    if (failure)
        return fail(ErrorKind::denied,
                    fmt::format("the journal directory {} cannot be made: {}", directory.string(), failure.message()));
    std::unique_ptr<Journal> journal(new Journal(std::move(directory), limit, keys, random, std::move(synced)));
    TRY(journal->find_files());
    journal->thread_ = std::thread([self = journal.get()] { self->sync_until_stopped(); });
    return journal;
}

Journal::Journal(fs::path directory, std::uint64_t limit, const KeySet& keys, Random& random, Synced synced)
    : directory_(std::move(directory)), limit_(limit), random_(random), synced_(std::move(synced)) {
    for (const auto& [version, key] : keys) keys_.emplace(version, derive_key(key, {}, "inboxpro journal"));
}

Journal::~Journal() {
    {
        const std::scoped_lock lock{mutex_};
        stopped_ = true;
    }
    appended_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> Journal::find_files() {
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(directory_, failure)) {
        const auto number = number_of(entry.path());
        if (!number) continue;
        files_[*number] = entry.path();
        next_file_ = std::max(next_file_, *number + 1);
        const auto bytes = contents_of(entry.path());
        bytes_ += bytes.size();
        for (std::size_t at = bytes.find(kMarker); at != Bytes::npos; at = bytes.find(kMarker, at)) {
            const auto record = record_at(bytes, at);
            const auto entries = record ? opened(*record) : std::nullopt;
            events_ += entries ? entries->size() : 0;
            at += entries ? kHead + record->size() : 1;
        }
    }
    if (failure)
        return fail(ErrorKind::denied,
                    fmt::format("the journal directory {} cannot be read: {}", directory_.string(), failure.message()));
    return {};
}

bool Journal::open_next_file() {
    auto file = std::make_shared<File>();
    const auto path = directory_ / fmt::format("{}{:012}{}", kPrefix, next_file_, kSuffix);
    file->descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (file->descriptor < 0) return false;
    written_.insert_or_assign(last_ticket_ + 1, Written{.number = next_file_});
    files_[next_file_++] = path;
    current_ = std::move(file);
    return true;
}

bool Journal::write(const Bytes& records) {
    if (current_ != nullptr && current_->size + records.size() > kFileSize) close_current();
    if (current_ == nullptr && !open_next_file()) return false;
    std::size_t written = 0;
    while (written < records.size()) {
        const auto count = ::write(current_->descriptor, records.data() + written, records.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            // Half a record would only be found damaged later.
            if (::ftruncate(current_->descriptor, static_cast<off_t>(current_->size)) != 0) close_current();
            return false;
        }
        written += static_cast<std::size_t>(count);
    }
    current_->size += records.size();
    return true;
}

/// Each event behind a byte that says whether its token's limit has let it in.
Bytes Journal::record_of(std::span<const EntryView> entries) {
    Bytes plain;
    for (const auto& entry : entries) {
        plain.push_back(entry.admitted ? 1 : 0);
        append_event(plain, entry.event);
    }
    const auto& [version, key] = *keys_.rbegin();
    const auto sealed = seal(key, version, kContext, plain, random_);
    Bytes record{kMarker};
    append_u32(record, static_cast<std::uint32_t>(sealed.size()));
    return record += sealed;
}

std::optional<std::uint64_t> Journal::append(const Entry& entry) {
    const EntryView one{.event = entry.event, .admitted = entry.admitted};
    return append_all({&one, 1});
}

std::optional<std::uint64_t> Journal::append_all(std::span<const EntryView> entries) {
    Bytes records;
    for (auto rest = entries; !rest.empty(); rest = rest.subspan(std::min(rest.size(), kMostInRecord)))
        records += record_of(rest.first(std::min(rest.size(), kMostInRecord)));

    const std::scoped_lock lock{mutex_};
    if (broken_ || stopped_ || bytes_ + records.size() > limit_ || !write(records)) return {};
    bytes_ += records.size();
    events_ += entries.size();
    written_.rbegin()->second.events += entries.size();
    if (unsynced_.empty() || unsynced_.back() != current_) unsynced_.push_back(current_);
    appended_.notify_one();
    return std::exchange(last_ticket_, last_ticket_ + entries.size()) + 1;
}

void Journal::sync_until_stopped() {
    std::unique_lock lock{mutex_};
    while (true) {
        appended_.wait(lock, [&] { return stopped_ || !unsynced_.empty(); });
        if (unsynced_.empty()) return;
        // What comes within this time is synced with it: the disk is the store's, too.
        appended_.wait_for(lock, kGather, [&] { return stopped_; });
        const auto files = std::exchange(unsynced_, {});
        const auto ticket = last_ticket_;
        lock.unlock();
        bool done = true;
        for (const auto& file : files) {
            done &= ::fdatasync(file->descriptor) == 0;
            if (!file->directory_synced) done &= file->directory_synced = sync_directory(directory_);
        }
        if (done) synced_(ticket);
        lock.lock();
        // What a failed sync leaves behind is unknown; trying again would only look like success.
        broken_ |= !done;
    }
}

std::optional<std::vector<Journal::Entry>> Journal::opened(BytesView sealed) const {
    const auto version = key_version_of(sealed);
    if (!version || !keys_.contains(*version)) return {};
    const auto plain = inboxpro::open(keys_.at(*version), kContext, sealed);
    if (!plain) return {};
    std::vector<Entry> entries;
    for (BytesView rest = *plain; !rest.empty();) {
        const bool admitted = rest.front() == 1;
        rest.remove_prefix(1);
        auto event = take_event(rest);
        if (!event) return {};
        entries.push_back({.event = std::move(*event), .admitted = admitted});
    }
    return entries;
}

Journal::Segment Journal::read(const fs::path& path) const {
    Segment segment{.file = path, .entries = {}};
    const auto bytes = contents_of(path);
    bool in_damage = false;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto record = record_at(bytes, at);
        if (auto entries = record ? opened(*record) : std::nullopt) {
            std::ranges::move(*entries, std::back_inserter(segment.entries));
            at += kHead + record->size();
            in_damage = false;
            continue;
        }
        segment.damaged += in_damage ? 0 : 1;
        in_damage = true;
        at = std::min(bytes.find(kMarker, at + 1), bytes.size());
    }
    return segment;
}

Result<std::optional<Journal::Segment>> Journal::oldest() {
    fs::path file;
    {
        const std::scoped_lock lock{mutex_};
        if (files_.empty() || is_current(files_.begin()->first)) return std::nullopt;
        file = files_.begin()->second;
    }
    return read(file);
}

void Journal::settle(std::uint64_t ticket) {
    const std::scoped_lock lock{mutex_};
    auto found = written_.upper_bound(ticket);
    if (found == written_.begin()) return;
    auto& written = (--found)->second;
    if (ticket >= found->first + written.events || ++written.settled < written.events) return;
    if (!is_current(written.number)) delete_file(written.number, written.events, false);
}

void Journal::close_file() {
    const std::scoped_lock lock{mutex_};
    if (current_ != nullptr) close_current();
}

bool Journal::is_current(std::uint64_t number) const {
    return current_ != nullptr && files_.rbegin()->first == number;
}

void Journal::close_current() {
    current_.reset();
    const auto& written = written_.rbegin()->second;
    if (written.settled == written.events) delete_file(written.number, written.events, false);
}

void Journal::remove(const Segment& segment) {
    const std::scoped_lock lock{mutex_};
    if (const auto number = number_of(segment.file)) delete_file(*number, segment.entries.size(), segment.damaged > 0);
}

/// Does nothing when the file has gone already.
void Journal::delete_file(std::uint64_t number, std::uint64_t events, bool damaged) {
    const auto found = files_.find(number);
    if (found == files_.end()) return;
    const auto path = std::move(found->second);
    files_.erase(found);
    std::erase_if(written_, [&](const auto& written) { return written.second.number == number; });
    events_ -= std::min(events_, events);
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (!failure) bytes_ -= std::min<std::uint64_t>(bytes_, size);
    if (damaged)
        fs::rename(path, fs::path{path}.concat(".damaged"), failure);
    else
        fs::remove(path, failure);
}

std::uint64_t Journal::waiting() const {
    const std::scoped_lock lock{mutex_};
    return events_;
}

double Journal::fullness() const {
    const std::scoped_lock lock{mutex_};
    return limit_ == 0 ? 1 : static_cast<double>(bytes_) / static_cast<double>(limit_);
}

Result<RawId> Journal::node_id(TimePoint now) {
    const auto path = directory_ / "node";
    std::error_code failure;
    if (fs::exists(path, failure)) {
        const auto id = RawId::parse(contents_of(path));
        if (id) return *id;
        return fail(ErrorKind::corrupt,
                    fmt::format("{} is damaged; delete it to give this node a new id", path.string()));
    }
    const auto id = RawId::make(now, random_);
    const auto text = id.text();
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int reason = errno;
    if (file >= 0) ::close(file);
    if (!written || !sync_directory(directory_))
        return fail(ErrorKind::unavailable, fmt::format("{} cannot be written: {}", path.string(), strerror(reason)));
    return id;
}

}  // namespace inboxpro
