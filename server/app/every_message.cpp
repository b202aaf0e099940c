#include "app/every_message.h"

#include "base/run.h"

namespace inboxpro::app {
namespace {

constexpr std::size_t kPage = 500;

using Step = std::function<Task<Result<void>>(Message)>;

Task<Result<void>> walk(Messages& messages, AccountId account, TimePoint end, const Step& step) {
    std::optional<MessageId> after;
    for (;;) {
        const auto page = CO_TRY(co_await messages.created_between(account, {}, end, kPage, after));
        if (page.empty()) co_return Result<void>{};
        for (const auto& message : page) CO_TRY(co_await step(message));
        after = page.back().id;
    }
}

Task<Result<void>> walk_all(Node& node, const Step& step) {
    Messages messages(node.documents);
    // Mail that is created meanwhile is judged as it comes.
    const auto end = node.clock.now() + std::chrono::milliseconds{1};
    std::optional<Query::Position> after;
    do {
        auto accounts = CO_TRY(co_await node.accounts.all(std::move(after)));
        for (const auto account : accounts.accounts) CO_TRY(co_await walk(messages, account, end, step));
        after = std::move(accounts.next);
    } while (after);
    co_return Result<void>{};
}

}  // namespace

Result<void> for_every_message(Node& node, const Step& step) {
    return run_to_end(walk_all(node, step));
}

}  // namespace inboxpro::app
