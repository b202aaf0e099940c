#include "mailbox/follower.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr int kMostTries = 5;

/// How a hint that no look has answered yet moves the next look.
FollowedMailbox hinted(FollowedMailbox mailbox, TimePoint begun_at, TimePoint now) {
    if (!mailbox.hint) return mailbox;
    const auto& hint = *mailbox.hint;
    const bool seen = hint.history_id == 0 ? hint.at <= begun_at : hint.history_id <= mailbox.history_id;
    if (seen || now - hint.at >= kHintLife)
        mailbox.hint.reset();
    else
        mailbox.due_at = std::min(mailbox.due_at, std::max(mailbox.not_before, now + kLeastBetweenLooks));
    return mailbox;
}

bool is_gone(const Error& error) {
    return error.kind == ErrorKind::not_found || error.kind == ErrorKind::corrupt;
}

}  // namespace

Follower::Follower(Settings settings, Mailboxes& mailboxes, GoogleAccess& google, Accounts& accounts,
                   const Clock& clock, Random& random)
    : settings_(std::move(settings)),
      mailboxes_(mailboxes),
      google_(google),
      accounts_(accounts),
      clock_(clock),
      random_(random) {}

Task<Result<std::vector<AccountId>>> Follower::due(std::size_t limit) {
    co_return co_await mailboxes_.due(clock_.now(), limit);
}

Task<Result<FollowedMailbox>> Follower::claim(AccountId account) {
    auto mailbox = CO_TRY(co_await mailboxes_.get(account));
    const auto now = clock_.now();
    if (mailbox.due_at > now) co_return fail(ErrorKind::conflict, "The mailbox is not due.");
    mailbox.epoch += 1;
    mailbox.leased_until = mailbox.due_at = now + kMailboxLease;
    co_return co_await mailboxes_.update(std::move(mailbox));
}

Task<Result<void>> Follower::look(AccountId account) {
    auto mailbox = co_await claim(account);
    if (!mailbox) {
        // What cannot be read would stand first in the queue for ever; adopt() begins anew if there is an account.
        if (is_gone(mailbox.error())) co_return co_await mailboxes_.remove(account);
        co_return std::unexpected(mailbox.error());
    }
    const auto begun_at = clock_.now();
    const auto owner = co_await accounts_.get(account);
    if (!owner && !is_gone(owner.error())) co_return std::unexpected(owner.error());
    if (!owner || owner->state == Account::State::disconnected) co_return co_await mailboxes_.remove(account);
    if (owner->state == Account::State::reconnect_needed)
        co_return co_await put_down(parked(std::move(*mailbox)), begun_at);

    looks_.fetch_add(1, std::memory_order_relaxed);
    auto turn = co_await read(std::move(*mailbox));
    if (turn.failure) {
        failed_.fetch_add(1, std::memory_order_relaxed);
        if (settings_.on_failure) settings_.on_failure(account, *turn.failure);
    } else if (!turn.more) {
        turn.mailbox = co_await tend_watch(std::move(turn.mailbox));
    }
    co_return co_await put_down(settled(std::move(turn)), begun_at);
}

FollowedMailbox Follower::settled(Turn turn) {
    auto mailbox = std::move(turn.mailbox);
    const auto now = clock_.now();
    if (turn.failure) {
        if (turn.failure->kind == ErrorKind::denied) return parked(std::move(mailbox));
        mailbox.misses += 1;
        mailbox.due_at = mailbox.not_before = now + back_off(mailbox.misses, *turn.failure);
        return mailbox;
    }
    if (mailbox.state == FollowedMailbox::State::parked) count_unparked();
    mailbox.state = FollowedMailbox::State::following;
    mailbox.misses = 0;
    mailbox.not_before = {};
    mailbox.looked_at = now;
    mailbox.due_at = turn.more ? now : now + spread(interval_after(now - mailbox.active_at, settings_.pace), dice());
    return mailbox;
}

FollowedMailbox Follower::parked(FollowedMailbox mailbox) {
    if (mailbox.state != FollowedMailbox::State::parked) {
        followed_.fetch_sub(1, std::memory_order_relaxed);
        parked_.fetch_add(1, std::memory_order_relaxed);
    }
    mailbox.state = FollowedMailbox::State::parked;
    mailbox.misses += 1;
    mailbox.hint.reset();
    mailbox.due_at = mailbox.not_before = clock_.now() + kParkedFor;
    return mailbox;
}

void Follower::count_unparked() {
    followed_.fetch_add(1, std::memory_order_relaxed);
    parked_.fetch_sub(1, std::memory_order_relaxed);
}

// A hint may have been noted meanwhile, which is no reason to lose the place; another claim is.
Task<Result<void>> Follower::put_down(FollowedMailbox mailbox, TimePoint begun_at) {
    mailbox.leased_until = {};
    for (int attempt = 1;; ++attempt) {
        auto written = co_await mailboxes_.update(hinted(mailbox, begun_at, clock_.now()));
        if (written) co_return Result<void>{};
        if (written.error().kind == ErrorKind::not_found) co_return Result<void>{};  // It was left meanwhile.
        if (written.error().kind != ErrorKind::conflict || attempt == kMostTries)
            co_return std::unexpected(written.error());
        const auto stored = CO_TRY(co_await mailboxes_.get(mailbox.account));
        if (stored.epoch != mailbox.epoch) co_return std::unexpected(written.error());
        mailbox.version = stored.version;
        mailbox.hint = stored.hint;
    }
}

Task<Result<void>> Follower::hint(AccountId account, std::uint64_t history_id) {
    for (int attempt = 1;; ++attempt) {
        auto mailbox = co_await mailboxes_.get(account);
        if (!mailbox && mailbox.error().kind == ErrorKind::not_found) co_return Result<void>{};
        if (!mailbox) co_return std::unexpected(mailbox.error());
        const bool seen = history_id != 0 && mailbox->history_id >= history_id;
        if (seen || mailbox->state == FollowedMailbox::State::parked) co_return Result<void>{};

        const auto now = clock_.now();
        const bool looking = mailbox->leased_until > now;
        const auto due_at = std::max({now, mailbox->not_before, mailbox->looked_at + kLeastBetweenLooks});
        const bool known = mailbox->hint && now - mailbox->hint->at < kHintLife &&
                           (looking ? history_id != 0 && mailbox->hint->history_id >= history_id
                                    : mailbox->hint->history_id >= history_id && mailbox->due_at <= due_at);
        if (known) co_return Result<void>{};
        const auto highest = std::max(history_id, mailbox->hint ? mailbox->hint->history_id : 0);
        mailbox->hint = {.at = now, .history_id = highest};
        if (history_id == 0) mailbox->active_at = now;
        if (!looking) mailbox->due_at = std::min(mailbox->due_at, due_at);
        const auto written = co_await mailboxes_.update(std::move(*mailbox));
        if (written) hints_.fetch_add(1, std::memory_order_relaxed);
        if (written || written.error().kind == ErrorKind::not_found) co_return Result<void>{};
        if (written.error().kind != ErrorKind::conflict || attempt == kMostTries)
            co_return std::unexpected(written.error());
    }
}

Task<Result<void>> Follower::follow(AccountId account) {
    const auto added = co_await mailboxes_.add({.account = account, .due_at = clock_.now(), .active_at = clock_.now()});
    if (added) followed_.fetch_add(1, std::memory_order_relaxed);
    if (added || added.error().kind != ErrorKind::conflict) co_return added;
    for (int attempt = 1;; ++attempt) {
        auto mailbox = CO_TRY(co_await mailboxes_.get(account));
        const auto now = clock_.now();
        const bool was_parked = mailbox.state == FollowedMailbox::State::parked;
        mailbox.state = FollowedMailbox::State::following;
        mailbox.epoch += 1;  // A look that is under way still knows only the old grant.
        mailbox.misses = 0;
        mailbox.leased_until = mailbox.not_before = mailbox.watch_due_at = {};
        mailbox.due_at = now;
        const auto written = co_await mailboxes_.update(std::move(mailbox));
        if (written && was_parked) count_unparked();
        if (written) co_return Result<void>{};
        if (written.error().kind != ErrorKind::conflict || attempt == kMostTries)
            co_return std::unexpected(written.error());
    }
}

Task<Result<void>> Follower::leave(AccountId account) {
    const auto mailbox = co_await mailboxes_.get(account);
    CO_TRY(co_await mailboxes_.remove(account));
    if (mailbox && mailbox->watch) co_await stop_watch(account);
    co_return Result<void>{};
}

Task<Result<void>> Follower::adopt() {
    Accounts::Step step;
    auto first_look = clock_.now();
    do {
        step = CO_TRY(co_await accounts_.active(std::move(step.next)));
        for (const auto account : step.accounts) {
            const auto known = co_await mailboxes_.get(account);
            if (known || known.error().kind != ErrorKind::not_found) continue;
            const auto added = co_await mailboxes_.add({.account = account, .due_at = first_look});
            if (added) first_look += kBetweenAdopted;
            if (!added && added.error().kind == ErrorKind::unavailable) co_return added;
        }
    } while (step.next);
    followed_ = static_cast<std::int64_t>(CO_TRY(co_await mailboxes_.count(FollowedMailbox::State::following)));
    parked_ = static_cast<std::int64_t>(CO_TRY(co_await mailboxes_.count(FollowedMailbox::State::parked)));
    co_return Result<void>{};
}

Task<Result<void>> Follower::hand_over(AccountId account, std::vector<MailboxChange> changes) {
    if (changes.empty()) co_return Result<void>{};
    Result<void> outcome;
    for (auto* listener : listeners_) {
        Result<void> taken;
        try {
            taken = co_await listener->changed(account, changes);
        } catch (const std::exception&) {  // A bug in one listener must not keep the others from hearing.
            taken = fail(ErrorKind::unavailable, "A listener was stopped by an exception.");
        }
        if (!taken) outcome = std::unexpected(taken.error());
    }
    if (outcome) changes_.fetch_add(changes.size(), std::memory_order_relaxed);
    // Whatever a listener met, it is no word of Google's about the grant or the history.
    if (!outcome && outcome.error().kind != ErrorKind::rate_limited) outcome.error().kind = ErrorKind::unavailable;
    co_return outcome;
}

bool Follower::has_time(const FollowedMailbox& mailbox) const {
    return clock_.now() + kLongestCall < mailbox.leased_until;
}

std::uint16_t Follower::dice() {
    const auto bytes = random_.bytes(2);
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]));
}

Follower::Figures Follower::figures() const {
    return {.looks = looks_,
            .changes = changes_,
            .resyncs = resyncs_,
            .failed = failed_,
            .hints = hints_,
            .followed = followed_,
            .parked = parked_};
}

}  // namespace inboxpro
