#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"

namespace inboxpro {

using KeyVersion = std::uint32_t;  ///< 1, 2, 3 ...; 0 names no key.

/// What a key is for. Keys of different purposes never mix, and are rotated apart.
enum class KeyPurpose {
    master,  ///< Wraps the data keys of accounts, in the database.
    token,   ///< Seals what travels in links and pixels; must outlive the database.
    index,   ///< Makes keyed hashes that the database may search.
    journal  ///< Seals events that wait on local disk for the store.
};

/// All versions of one purpose: every version reads, the newest writes.
class KeySet {
  public:
    /// `keys` holds at least one version, each of 32 bytes.
    explicit KeySet(std::map<KeyVersion, Secret> keys) : keys_(std::move(keys)) {}
    KeyVersion newest() const { return keys_.rbegin()->first; }
    /// Empty when that version is not (or no longer) here. Valid as long as this object.
    const Secret* find(KeyVersion version) const;
    const Secret& newest_key() const { return keys_.rbegin()->second; }
    const Secret& oldest_key() const { return keys_.begin()->second; }
    auto begin() const { return keys_.begin(); }
    auto end() const { return keys_.end(); }

  private:
    std::map<KeyVersion, Secret> keys_;
};

/// The keys that live outside the database, in one file that only its owner may read (mode 0600). The file is plain
/// text, one key a line: purpose, version (1 to 65535), 32 bytes in base64; empty lines and lines that begin with # say
/// nothing. It is the only thing that a backup of the database must not contain and without which the database cannot
/// be read.
class KeyFile {
  public:
    /// Fails with one plain sentence when the file is missing (not_found), readable by others or not a regular file
    /// (denied), or malformed (corrupt).
    static Result<KeyFile> load(const std::filesystem::path& path);
    /// Makes fresh keys and writes them, mode 0600, synced. `conflict` when the file is already there, `denied` or
    /// `unavailable` when it cannot be written.
    static Result<KeyFile> create(const std::filesystem::path& path, Random& random);
    /// Fresh keys that are never written: tests and the `rewrite` command's absence of a server.
    static KeyFile in_memory(Random& random);

    const KeySet& keys(KeyPurpose purpose) const { return sets_.at(purpose); }

  private:
    explicit KeyFile(std::map<KeyPurpose, KeySet> sets) : sets_(std::move(sets)) {}
    std::map<KeyPurpose, KeySet> sets_;
};

/// HKDF-SHA-256 (RFC 5869), `size` bytes. `info` says what the derived key is for.
Secret derive_key(const Secret& key, BytesView salt, std::string_view info, std::size_t size = 32);

}  // namespace inboxpro
