#include "app/node.h"

#include <fstream>
#include <sstream>

#include "app/collections.h"
#include "base/run.h"
#include "store/sqlite/sqlite_store.h"
#include "tracking/classify/networks.h"

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

Result<void> load_networks(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
        return fail(ErrorKind::not_found, fmt::format("the networks in {} cannot be read", path.string()));
    auto networks = Networks::parse(text.view());
    if (!networks) return fail(ErrorKind::invalid, fmt::format("{}, {}", path.string(), networks.error().detail));
    use_networks(std::move(*networks));
    return {};
}

Result<std::unique_ptr<Node>> Node::open_existing(const Config& config, const Clock& clock) {
    if (std::filesystem::exists(config.database())) return open(config, clock);
    return fail(ErrorKind::not_found,
                fmt::format("{} does not exist yet: `inboxpro serve` makes it", config.database().string()));
}

Result<std::unique_ptr<Node>> Node::open(const Config& config, const Clock& clock) {
    if (!config.tracking.networks.empty()) TRY(load_networks(config.tracking.networks));
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
