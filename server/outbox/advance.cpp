#include <algorithm>

#include "outbox/outbox.h"

namespace inboxpro {
namespace {

constexpr std::size_t kReleasePage = 100;
constexpr std::size_t kReleasePages = 10'000;
/// Paid before the first byte of an attempt, so that it is not held up between its steps.
constexpr int kUnitsOfASend = method::kSendDraft.units + method::kGetMessage.units;

}  // namespace

Task<Result<std::vector<Send>>> Outbox::due(std::size_t limit) {
    const std::size_t share = std::max<std::size_t>(1, limit / 8);
    const std::pair<SendState, std::size_t> shares[] = {{SendState::unknown, share},   {SendState::sending, share},
                                                        {SendState::scheduled, limit}, {SendState::undo, limit},
                                                        {SendState::held, share},      {SendState::preparing, share}};
    std::vector<Send> all;
    for (const auto& [state, most] : shares) {
        if (all.size() >= limit) break;
        auto some = CO_TRY(co_await sends_.due(state, clock_.now(), std::min(most, limit - all.size())));
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    co_return all;
}

Task<Result<std::size_t>> Outbox::release(AccountId account) {
    std::size_t released = 0;
    for (std::size_t page = 0; page < kReleasePages; ++page) {
        auto held = CO_TRY(co_await sends_.in_state(account, SendState::held, kReleasePage));
        const bool last = held.size() < kReleasePage;
        for (auto& send : held) {
            const auto step =
                co_await take_step(std::move(send), {.state = SendState::scheduled, .due_at = clock_.now()});
            if (!step && step.error().kind != ErrorKind::conflict) co_return std::unexpected(step.error());
            released += step ? 1 : 0;
        }
        if (last) break;
    }
    auto unclear = CO_TRY(co_await sends_.in_state(account, SendState::unknown, kReleasePage));
    std::erase_if(unclear, [](const Send& send) { return !send.problem; });
    for (auto& send : unclear) {
        const auto step = co_await take_step(std::move(send), {.state = SendState::unknown, .due_at = clock_.now()});
        released += step ? 1 : 0;
    }
    if (settings_.work_is_due) settings_.work_is_due();
    co_return released;
}

Task<Result<Send>> Outbox::advance(Send send) {
    if (send.due_at > clock_.now()) co_return send;
    switch (send.state) {
        case SendState::undo:
        case SendState::scheduled:
        case SendState::held: co_return co_await attempt(std::move(send));
        // A claim that ran out: its owner may have asked Google, so the answer is looked up, never asked for again.
        case SendState::sending:
        case SendState::unknown: co_return co_await look_up(std::move(send));
        case SendState::preparing: co_return co_await sweep(std::move(send));
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
    const auto allowed = co_await google_.may_ask(send.account, method::kSendDraft);
    const bool shut_out = !allowed && allowed.error().kind == ErrorKind::denied;
    auto late = shut_out ? std::nullopt : asked_when_late(send, clock_.now());
    if (late) co_return co_await take_step(std::move(send), std::move(*late));
    if (!allowed) {
        const auto step = before_send_failed(send, allowed.error(), clock_.now());
        co_return co_await take_step(std::move(send), step);
    }
    send.epoch += 1;
    send = CO_TRY(co_await take_step(std::move(send), {.state = SendState::sending, .due_at = clock_.now() + kLease}));
    co_return co_await ask_to_send(std::move(send));
}

Task<Result<Send>> Outbox::ask_to_send(Send send) {
    const auto mailbox = co_await google_.as<GmailProfile>(
        send.account, method::kGetProfile, [this](Secret token) { return google_.api().profile(std::move(token)); },
        {.units_ahead = kUnitsOfASend});
    if (!mailbox) {
        const auto step = before_send_failed(send, mailbox.error(), clock_.now());
        send.refusals += 1;
        co_return co_await take_step(std::move(send), step);
    }
    send.attempts += 1;
    send.intent = Send::Intent{.history_id = mailbox->history_id, .at = clock_.now()};
    // The lease begins anew, so that it outlives the call whatever the steps before it took.
    send.due_at = clock_.now() + kLease;
    send = CO_TRY(co_await sends_.update(std::move(send)));

    const auto sent = co_await google_.as<GmailMessage>(
        send.account, method::kSendDraft,
        [this, draft = send.draft_id](Secret token) { return google_.api().send_draft(std::move(token), draft); },
        {.is_paid = true});
    if (!sent) {
        const auto step = after_failed_send(send, sent.error(), clock_.now());
        if (is_not_now(sent.error())) {
            send.attempts -= 1;
            send.refusals += 1;
        }
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
    send = CO_TRY(co_await take_step(std::move(send), {.state = SendState::sent, .due_at = clock_.now()}));
    if (settings_.sent) co_await settings_.sent(send.account);
    co_return send;
}

}  // namespace inboxpro
