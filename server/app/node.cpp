#include "app/node.h"

#include "app/collections.h"
#include "base/run.h"
#include "store/sqlite/sqlite_store.h"

namespace inboxpro::app {
namespace {

Result<KeyFile> open_keys(const Config& config, Random& random) {
    const auto file = config.key_file();
    if (std::filesystem::exists(file)) return KeyFile::load(file);
    if (std::filesystem::exists(config.database()))
        return fail(ErrorKind::not_found,
                    fmt::format("the key file {} is missing; without it the database cannot be read: put it back from "
                                "where you keep it",
                                file.string()));
    return KeyFile::create(file, random);
}

Result<void> make_private_directory(const std::filesystem::path& directory) {
    std::error_code failure;
    const bool made = std::filesystem::create_directories(directory, failure);
    if (!failure && made) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure)
        return fail(ErrorKind::denied,
                    fmt::format("the data directory {} cannot be made: {}", directory.string(), failure.message()));
    return {};
}

}  // namespace

Result<std::unique_ptr<Node>> Node::open(const Config& config, const Clock& clock) {
    TRY(make_private_directory(config.store.path));
    SystemRandom random;
    auto keys = TRY(open_keys(config, random));
    auto store = TRY(open_sqlite_store({.file = config.database()}, all_collections()));
    auto node = std::make_unique<Node>(std::move(keys), std::move(store), clock);
    TRY(run_to_end(node->key_ring.create(AccountId{})));
    return node;
}

Node::Node(KeyFile keys, std::unique_ptr<Store> opened, const Clock& time)
    : clock(time),
      key_file(std::move(keys)),
      store(std::move(opened)),
      key_ring(*store, key_file.keys(KeyPurpose::master), random),
      documents(*store, key_ring, random),
      index(key_file.keys(KeyPurpose::index)),
      token_sealer(key_file.keys(KeyPurpose::token)),
      accounts(documents, key_ring, index, clock, random) {}

}  // namespace inboxpro::app
