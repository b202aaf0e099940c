#include "app/audit.h"

#include <fmt/format.h>

#include "base/run.h"
#include "outbox/ledger.h"

namespace inboxpro::app {
namespace {

Task<Result<Audited>> verify_all(Node& node) {
    Ledger ledger(node.documents, node.clock, node.random);
    Audited audited;
    std::optional<Query::Position> after;
    do {
        auto step = CO_TRY(co_await node.accounts.all(std::move(after)));
        for (const auto account : step.accounts) {
            const auto entries = co_await ledger.verify(account);
            if (!entries && entries.error().kind != ErrorKind::corrupt) co_return std::unexpected(entries.error());
            ++audited.accounts;
            audited.entries += entries.value_or(0);
            if (!entries)
                audited.broken.push_back(fmt::format("account {}: {}", account.text(), entries.error().detail));
        }
        after = std::move(step.next);
    } while (after);
    co_return audited;
}

}  // namespace

Result<Audited> verify_ledgers(Node& node) {
    return run_to_end(verify_all(node));
}

}  // namespace inboxpro::app
