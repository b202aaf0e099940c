#include "outbox/outbox.h"

namespace inboxpro {
namespace {

constexpr std::size_t kHistoryPages = 10;
/// Paid before the first byte of an attempt, so that it is not held up between its steps.
constexpr int kUnitsOfASend = method::kSendDraft.units + method::kGetMessage.units;

bool has_label(const std::vector<std::string>& labels, std::string_view label) {
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

bool carries(const GmailMessage& message, const std::string& marker) {
    return std::any_of(message.headers.begin(), message.headers.end(),
                       [&](const auto& header) { return header.first == kMarkerHeader && header.second == marker; });
}

}  // namespace

Task<Result<std::vector<Send>>> Outbox::due(std::size_t limit) {
    std::vector<Send> all;
    for (const auto state : {SendState::unknown, SendState::sending, SendState::scheduled, SendState::undo}) {
        auto some = CO_TRY(co_await sends_.due(state, clock_.now(), limit - all.size()));
        std::move(some.begin(), some.end(), std::back_inserter(all));
        if (all.size() >= limit) break;
    }
    co_return all;
}

Task<Result<Send>> Outbox::advance(Send send) {
    if (send.due_at > clock_.now()) co_return send;
    switch (send.state) {
        case SendState::undo:
        case SendState::scheduled: co_return co_await attempt(std::move(send));
        // A claim that ran out: its owner may have asked Google, so the answer is looked up, never asked for again.
        case SendState::sending:
        case SendState::unknown: co_return co_await look_up(std::move(send));
        case SendState::sent:
        case SendState::cancelled:
        case SendState::needs_user: break;
    }
    co_return send;
}

Task<Result<Send>> Outbox::take_step(Send send, NextStep step) {
    send.state = step.state;
    send.due_at = step.due_at;
    send.problem = std::move(step.problem);
    co_return co_await sends_.update(std::move(send));
}

Task<Result<Send>> Outbox::attempt(Send send) {
    send.epoch += 1;
    send = CO_TRY(co_await take_step(std::move(send), {.state = SendState::sending, .due_at = clock_.now() + kLease}));

    const auto mailbox = co_await google_.as<GmailProfile>(
        send.account, method::kGetProfile, [this](Secret token) { return google_.api().profile(std::move(token)); },
        {.units_ahead = kUnitsOfASend});
    if (!mailbox) {
        const auto step = before_send_failed(send, mailbox.error(), clock_.now());
        co_return co_await take_step(std::move(send), step);
    }
    send.attempts += 1;
    send.intent = Send::Intent{.history_id = mailbox->history_id, .at = clock_.now()};
    send = CO_TRY(co_await sends_.update(std::move(send)));

    const auto sent = co_await google_.as<GmailMessage>(
        send.account, method::kSendDraft,
        [this, draft = send.draft_id](Secret token) { return google_.api().send_draft(std::move(token), draft); },
        {.is_paid = true});
    if (!sent) {
        const auto step = after_failed_send(send, sent.error(), clock_.now());
        co_return co_await take_step(std::move(send), step);
    }
    co_return co_await finish(std::move(send), sent->id, sent->thread_id, {.is_paid = true});
}

Task<Result<Send>> Outbox::finish(Send send, std::string gmail_message_id, std::string gmail_thread_id, Pace pace) {
    const auto metadata = co_await google_.as<GmailMessage>(
        send.account, method::kGetMessage,
        [this, id = gmail_message_id](Secret token) {
            return google_.api().message_metadata(std::move(token), id, {"Message-ID"});
        },
        pace);
    const TimePoint sent_at = metadata ? metadata->internal_date : clock_.now();
    // The message first: if this ends in between, the next look-up finds the sent copy and comes here again.
    CO_TRY(co_await messages_.mark_sent(send.account, send.id, std::move(gmail_message_id), gmail_thread_id, sent_at));
    send.thread_id = std::move(gmail_thread_id);
    co_return co_await take_step(std::move(send), {.state = SendState::sent, .due_at = clock_.now()});
}

Task<Result<Send>> Outbox::look_up(Send send) {
    const auto draft = co_await google_.as<GmailDraft>(
        send.account, method::kGetDraft,
        [this, id = send.draft_id](Secret token) { return google_.api().get_draft(std::move(token), id); });
    const bool gone = !draft && draft.error().kind == ErrorKind::not_found;
    if (!draft && !gone)
        co_return co_await take_step(std::move(send),
                                     {.state = SendState::unknown, .due_at = clock_.now() + kQuietTime});

    const auto copy = co_await sent_copy_of(send);
    if (copy && *copy) co_return co_await finish(std::move(send), (*copy)->id, (*copy)->thread_id, {});
    if (!copy)
        co_return co_await take_step(std::move(send),
                                     {.state = SendState::unknown, .due_at = clock_.now() + kQuietTime});
    const auto step = after_lookup(send, gone ? Found::nothing : Found::draft_still_there, clock_.now());
    co_return co_await take_step(std::move(send), step);
}

Task<Result<std::optional<GmailMessage>>> Outbox::sent_copy_of(Send send) {
    std::string page;
    for (std::size_t read = 0; send.intent && read < kHistoryPages; ++read) {
        const auto history = co_await google_.as<HistoryPage>(
            send.account, method::kListHistory, [this, since = send.intent->history_id, page](Secret token) {
                return google_.api().history(std::move(token), since, page);
            });
        if (!history) {
            if (history.error().kind == ErrorKind::not_found) co_return std::optional<GmailMessage>{};
            co_return std::unexpected(history.error());
        }
        for (const auto& added : history->entries) {
            if (added.change != HistoryPage::Change::added || !has_label(added.labels, "SENT")) continue;
            auto message = co_await google_.as<GmailMessage>(
                send.account, method::kGetMessage, [this, id = added.message_id](Secret token) {
                    return google_.api().message_metadata(std::move(token), id, {std::string(kMarkerHeader)});
                });
            if (message && carries(*message, send.marker)) co_return std::move(*message);
            if (!message && message.error().kind != ErrorKind::not_found) co_return std::unexpected(message.error());
        }
        page = history->next_page;
        if (page.empty()) break;
    }
    co_return std::optional<GmailMessage>{};
}

}  // namespace inboxpro
