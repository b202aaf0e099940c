#include "outbox/outbox.h"

namespace inboxpro {
namespace {

/// Notices whose cause is over are closed at this many times `limit` at most for one list.
constexpr int kMostPages = 20;

}  // namespace

// Whoever ends before the last write leaves the mail due, and it is told again under the same id.
Task<Result<Send>> Outbox::tell(Send send) {
    if (send.problem) {
        const auto is_news = co_await notices_.tell(send);
        if (!is_news) co_return send;
        if (*is_news && settings_.told) settings_.told(send.account);
    }
    if (send.state != SendState::needs_user) co_return send;
    auto told = send;
    told.due_at = kNever;
    auto kept = co_await sends_.update(std::move(told));
    co_return kept ? std::move(*kept) : std::move(send);
}

Task<Result<bool>> Outbox::still_holds(Notice notice) {
    if (!notice.message) co_return true;
    const auto send = co_await sends_.get(notice.account, *notice.message);
    if (!send && send.error().kind != ErrorKind::not_found) co_return std::unexpected(send.error());
    co_return send && send->epoch == notice.epoch && send->problem && send->problem->code == notice.problem.code;
}

Task<Result<std::vector<Notice>>> Outbox::notices(AccountId account, std::size_t limit, std::optional<RawId> after) {
    std::vector<Notice> current;
    for (int page = 0; page < kMostPages; ++page) {
        const auto open = CO_TRY(co_await notices_.open(account, limit, after));
        for (const auto& notice : open) {
            if (!CO_TRY(co_await still_holds(notice)))
                CO_TRY(co_await notices_.close(account, notice.id));
            else if (current.size() < limit)
                current.push_back(notice);
        }
        if (current.size() == limit || open.size() < limit) break;
        after = open.back().id;
    }
    co_return current;
}

}  // namespace inboxpro
