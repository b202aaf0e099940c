#pragma once
#include <memory>

#include "accounts/account.h"
#include "app/config.h"
#include "store/documents.h"
#include "vault/blind_index.h"
#include "vault/sealed_token.h"

namespace inboxpro::app {

/// Classification goes by the networks in this file from now on; one plain sentence when it cannot be read.
Result<void> load_networks(const std::filesystem::path& path);

/// What every command that touches stored data needs, opened in order and closed in reverse.
struct Node {
    const Clock& clock;
    SystemRandom random;
    KeyFile key_file;
    std::unique_ptr<Store> store;
    KeyRing key_ring;
    Documents documents;
    BlindIndex index;
    TokenSealer token_sealer;
    Accounts accounts;

    /// Opens the key file and the database below config.store.path, and makes both when neither exists. Refuses, with
    /// one plain sentence, a database whose key file is missing, an unsafe key file, networks that cannot be read, and
    /// whatever the store refuses.
    /// `clock` must outlive the node.
    static Result<std::unique_ptr<Node>> open(const Config& config, const Clock& clock);

    /// The same, but makes nothing: `not_found` when there is no database yet.
    static Result<std::unique_ptr<Node>> open_existing(const Config& config, const Clock& clock);

    Node(KeyFile keys, std::unique_ptr<Store> opened, const Clock& time);
};

}  // namespace inboxpro::app
