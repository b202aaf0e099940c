#include "mailbox/follower.h"

namespace inboxpro {

// Whatever happens to a watch, the mailbox is polled: nothing here fails a look.
Task<FollowedMailbox> Follower::tend_watch(FollowedMailbox mailbox) {
    const auto now = clock_.now();
    const bool stale = mailbox.watch && mailbox.watch->topic != settings_.topic;
    if (stale) {
        co_await stop_watch(mailbox.account);
        mailbox.watch.reset();
        mailbox.watch_due_at = {};
    }
    if (settings_.topic.empty() || now < mailbox.watch_due_at) co_return mailbox;
    const auto watched = co_await watch(mailbox.account);
    if (watched) {
        mailbox.watch = {.topic = settings_.topic, .expires_at = watched->expires_at};
        mailbox.watch_due_at = now + spread(kWatchRenewal, dice());
    } else {
        if (mailbox.watch && mailbox.watch->expires_at <= now) mailbox.watch.reset();
        mailbox.watch_due_at = now + std::max<std::chrono::seconds>(
                                         kWatchRetry, watched.error().retry_after.value_or(std::chrono::seconds{0}));
        if (settings_.on_failure) settings_.on_failure(mailbox.account, watched.error());
    }
    co_return mailbox;
}

// Gmail allows one topic for each program, and answers "invalid" while another one is watched to.
Task<Result<GmailWatch>> Follower::watch(AccountId account) {
    const auto ask = [this](Secret token) { return google_.api().watch(std::move(token), settings_.topic); };
    const auto watched = co_await google_.as<GmailWatch>(account, method::kWatch, ask, kInTheBackground);
    if (watched || watched.error().kind != ErrorKind::invalid) co_return watched;
    CO_TRY(co_await stop_watch(account));
    co_return co_await google_.as<GmailWatch>(account, method::kWatch, ask, kInTheBackground);
}

Task<Result<void>> Follower::stop_watch(AccountId account) {
    co_return co_await google_.as<void>(
        account, method::kStopWatch, [this](Secret token) { return google_.api().stop_watch(std::move(token)); },
        kInTheBackground);
}

}  // namespace inboxpro
