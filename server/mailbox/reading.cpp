#include <array>

#include "mailbox/follower.h"

namespace inboxpro {
namespace {

using Kind = MailboxChange::Kind;

/// Where a full read looks. Mail in other places is old, or nobody's answer.
constexpr std::array<std::string_view, 2> kRecentLabels = {"INBOX", "SENT"};

Kind kind_of(HistoryPage::Change change) {
    switch (change) {
        case HistoryPage::Change::added: return Kind::added;
        case HistoryPage::Change::deleted: return Kind::deleted;
        case HistoryPage::Change::label_added: return Kind::label_added;
        case HistoryPage::Change::label_removed: break;
    }
    return Kind::label_removed;
}

std::vector<MailboxChange> changes_in(std::vector<HistoryPage::Entry> entries) {
    std::vector<MailboxChange> changes;
    changes.reserve(entries.size());
    for (auto& entry : entries)
        changes.push_back({.kind = kind_of(entry.change),
                           .message_id = std::move(entry.message_id),
                           .thread_id = std::move(entry.thread_id),
                           .labels = std::move(entry.labels)});
    return changes;
}

std::vector<MailboxChange> changes_in(std::vector<MessageList::Entry> entries, std::string_view label) {
    std::vector<MailboxChange> changes;
    changes.reserve(entries.size());
    for (auto& entry : entries)
        changes.push_back({.kind = Kind::added,
                           .message_id = std::move(entry.message_id),
                           .thread_id = std::move(entry.thread_id),
                           .labels = {std::string(label)}});
    return changes;
}

}  // namespace

Task<Follower::Turn> Follower::read(FollowedMailbox mailbox) {
    if (mailbox.resync) return read_recent(std::move(mailbox));
    if (mailbox.history_id == 0) return begin(std::move(mailbox));
    return read_history(std::move(mailbox));
}

Task<Follower::Turn> Follower::begin(FollowedMailbox mailbox) {
    const auto now = clock_.now();
    const auto profile = co_await google_.as<GmailProfile>(
        mailbox.account, method::kGetProfile, [this](Secret token) { return google_.api().profile(std::move(token)); },
        kInTheBackground);
    if (!profile) co_return Turn{.mailbox = std::move(mailbox), .failure = profile.error()};
    mailbox.history_id = profile->history_id;
    mailbox.caught_up_at = now;
    co_return Turn{.mailbox = std::move(mailbox)};
}

// The place moves to the last entry that was handed over rather than along with Google's page tokens: those may not
// live until the next turn.
Task<Follower::Turn> Follower::read_history(FollowedMailbox mailbox) {
    std::string next;
    for (int pages = 0; pages < kPagesPerTurn && has_time(mailbox); ++pages) {
        const auto now = clock_.now();
        auto page = co_await google_.as<HistoryPage>(
            mailbox.account, method::kListHistory,
            [this, since = mailbox.history_id, next](Secret token) {
                return google_.api().history(std::move(token), since, next);
            },
            kInTheBackground);
        const bool place_is_lost =
            !page && (page.error().kind == ErrorKind::not_found || page.error().kind == ErrorKind::invalid);
        if (place_is_lost) co_return co_await begin_resync(std::move(mailbox));
        if (!page) co_return Turn{.mailbox = std::move(mailbox), .failure = page.error()};
        if (!page->entries.empty()) mailbox.active_at = now;
        const auto taken = co_await hand_over(mailbox.account, changes_in(std::move(page->entries)));
        if (!taken) co_return Turn{.mailbox = std::move(mailbox), .failure = taken.error()};
        mailbox.history_id =
            std::max({mailbox.history_id, page->reached, page->next_page.empty() ? page->history_id : 0});
        if (page->next_page.empty()) {
            mailbox.caught_up_at = now;
            co_return Turn{.mailbox = std::move(mailbox)};
        }
        next = page->reached == 0 ? page->next_page : std::string();
    }
    co_return Turn{.mailbox = std::move(mailbox), .more = true};
}

Task<Follower::Turn> Follower::begin_resync(FollowedMailbox mailbox) {
    const auto now = clock_.now();
    if (now - mailbox.resynced_at < kLeastBetweenResyncs)
        co_return Turn{.mailbox = std::move(mailbox),
                       .failure = Error{.kind = ErrorKind::unavailable, .detail = "Gmail lost the history again."}};
    const auto profile = co_await google_.as<GmailProfile>(
        mailbox.account, method::kGetProfile, [this](Secret token) { return google_.api().profile(std::move(token)); },
        kInTheBackground);
    if (!profile) co_return Turn{.mailbox = std::move(mailbox), .failure = profile.error()};
    const auto told = co_await hand_over(mailbox.account, {{.kind = Kind::gap}});
    if (!told) co_return Turn{.mailbox = std::move(mailbox), .failure = told.error()};
    mailbox.resync = {
        .history_id = profile->history_id, .begun_at = now, .since = mailbox.caught_up_at - kResyncMargin};
    mailbox.resynced_at = now;
    resyncs_.fetch_add(1, std::memory_order_relaxed);
    co_return co_await read_recent(std::move(mailbox));
}

Task<Follower::Turn> Follower::read_recent(FollowedMailbox mailbox) {
    for (int pages = 0; pages < kPagesPerTurn && has_time(mailbox); ++pages) {
        auto& resync = *mailbox.resync;
        const auto label = kRecentLabels.at(resync.label);
        auto list = co_await google_.as<MessageList>(
            mailbox.account, method::kListMessages,
            [this, label, page = resync.page](Secret token) {
                return google_.api().messages(std::move(token), std::string(label), page);
            },
            kInTheBackground);
        if (!list) {
            // A page that Google does not know any more: the label is read from its newest message again.
            if (list.error().kind == ErrorKind::invalid) resync.page.clear();
            co_return Turn{.mailbox = std::move(mailbox), .failure = list.error()};
        }
        bool last = list->next_page.empty();
        if (!last && !list->messages.empty()) {
            const auto older = co_await is_older(mailbox.account, list->messages.back().message_id, resync.since);
            if (!older) co_return Turn{.mailbox = std::move(mailbox), .failure = older.error()};
            last = *older;
        }
        const auto taken = co_await hand_over(mailbox.account, changes_in(std::move(list->messages), label));
        if (!taken) co_return Turn{.mailbox = std::move(mailbox), .failure = taken.error()};
        resync.page = last ? std::string() : list->next_page;
        if (last && ++resync.label == kRecentLabels.size()) {
            mailbox.history_id = resync.history_id;
            mailbox.caught_up_at = mailbox.active_at = resync.begun_at;
            mailbox.resync.reset();
            break;
        }
    }
    co_return Turn{.mailbox = std::move(mailbox), .more = true};
}

// A message that is gone by now says nothing about its page.
Task<Result<bool>> Follower::is_older(AccountId account, std::string message_id, TimePoint since) {
    const auto message = co_await google_.as<GmailMessage>(
        account, method::kGetMessage,
        [this, message_id](Secret token) {
            return google_.api().message_metadata(std::move(token), message_id, {"Message-ID"});
        },
        kInTheBackground);
    if (!message && message.error().kind == ErrorKind::not_found) co_return false;
    if (!message) co_return std::unexpected(message.error());
    co_return message->internal_date < since;
}

}  // namespace inboxpro
