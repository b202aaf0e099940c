#pragma once
#include <string>
#include <vector>

#include "app/node.h"

namespace inboxpro::app {

struct Audited {
    std::size_t accounts = 0;
    std::uint64_t entries = 0;             ///< Of ledgers that are intact.
    std::vector<std::string> broken = {};  ///< One plain sentence for each ledger that is not.
};

/// Walks the ledger of every account, also of those that are disconnected. An error when the store does not answer.
/// Sending may go on meanwhile.
Result<Audited> verify_ledgers(Node& node);

}  // namespace inboxpro::app
