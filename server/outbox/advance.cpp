#include <algorithm>

#include "outbox/outbox.h"

namespace inboxpro {
namespace {

constexpr std::size_t kReleasePage = 100;
constexpr std::size_t kReleasePages = 10'000;
/// Paid before the first byte of an attempt, so that it is not held up between its steps.
constexpr int kUnitsOfASend = method::kSendDraft.units + method::kGetMessage.units;
/// How long after its intent an attempt may still begin. Together with the minute that the call may take this is
/// shorter than the lease by as much as the quiet time.
constexpr std::chrono::seconds kMayStillAsk{30};
constexpr std::size_t kZonePage = 200;
constexpr std::size_t kZonePages = 100'000;

LedgerWord word_for(const Error& error, const NextStep& step) {
    if (is_not_now(error)) return LedgerWord::not_now;
    if (error.kind == ErrorKind::not_found) return LedgerWord::gone;
    return step.state == SendState::needs_user ? LedgerWord::refused : LedgerWord::unclear;
}

}  // namespace

Task<Result<std::vector<Send>>> Outbox::due(std::size_t limit) {
    const std::size_t share = std::max<std::size_t>(1, limit / 8);
    const std::pair<SendState, std::size_t> shares[] = {{SendState::unknown, share},   {SendState::sending, share},
                                                        {SendState::scheduled, limit}, {SendState::undo, limit},
                                                        {SendState::held, share},      {SendState::preparing, share},
                                                        {SendState::needs_user, share}};
    std::vector<Send> all;
    for (const auto& [state, most] : shares) {
        if (all.size() >= limit) break;
        auto some = CO_TRY(co_await sends_.due(state, clock_.now(), std::min(most, limit - all.size())));
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    co_return all;
}

Task<Result<std::size_t>> Outbox::release(AccountId account) {
    CO_TRY(co_await notices_.account_is_well(account, clock_.now()));
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

Task<Result<std::optional<TimePoint>>> Outbox::next_due() {
    auto next = CO_TRY(co_await sends_.next_due(SendState::scheduled));
    const auto undo = CO_TRY(co_await sends_.next_due(SendState::undo));
    if (undo && (!next || *undo < *next)) next = undo;
    co_return next;
}

Task<Result<std::size_t>> Outbox::follow_zones() {
    std::size_t moved = 0;
    std::optional<MessageId> after;
    for (std::size_t page = 0; page < kZonePages; ++page) {
        auto sends = CO_TRY(co_await sends_.by_wall_time(kZonePage, after));
        if (sends.empty()) break;
        after = sends.back().id;
        for (auto& send : sends) {
            const auto at = moved_by_zone(send, zones_);
            if (!at) continue;
            if (!send.moved_from) send.moved_from = send.wanted_at;
            // What is being tried, or waits for its writer, has its own time to be looked at.
            if (send.due_at == send.wanted_at) send.due_at = *at;
            send.wanted_at = *at;
            const auto kept = co_await sends_.update(std::move(send));
            if (!kept && kept.error().kind != ErrorKind::conflict) co_return std::unexpected(kept.error());
            moved += kept ? 1 : 0;
        }
    }
    if (moved > 0 && settings_.work_is_due) settings_.work_is_due();
    co_return moved;
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
        case SendState::needs_user: co_return co_await tell(std::move(send));
        case SendState::sent:
        case SendState::cancelled: break;
    }
    co_return send;
}

Task<Result<Send>> Outbox::take_step(Send send, NextStep step) {
    send.state = step.state;
    send.due_at = step.due_at;
    send.problem = std::move(step.problem);
    send = CO_TRY(co_await sends_.update(std::move(send)));
    if (send.problem) co_return co_await tell(std::move(send));
    co_return send;
}

Task<Result<Send>> Outbox::attempt(Send send) {
    if (std::exchange(send.changing, false))
        co_return co_await take_step(std::move(send), asked_after_change(clock_.now()));
    const auto allowed = co_await google_.may_ask(send.account, method::kSendDraft);
    const bool shut_out = !allowed && allowed.error().kind == ErrorKind::denied;
    auto late = shut_out ? std::nullopt : asked_when_late(send, clock_.now());
    if (late) co_return co_await take_step(std::move(send), std::move(*late));
    if (!allowed) {
        const auto step = before_send_failed(send, allowed.error(), clock_.now());
        co_return co_await take_step(std::move(send), step);
    }
    const auto account = CO_TRY(co_await accounts_.get(send.account));
    const auto before = send;
    send = CO_TRY(co_await with_place_now(account, std::move(send)));
    const bool is_put_off = send.due_at > clock_.now();
    send.problem.reset();
    if (!is_put_off) {
        send.epoch += 1;
        send.state = SendState::sending;
        send.due_at = clock_.now() + kLease;
    }
    send = CO_TRY(co_await kept_with_place(std::move(send), before));
    if (is_put_off) co_return send;
    // Only by who has claimed it, so that each counts once.
    if (!send.uses_place) {
        const int limit = daily_limit_of(account.sending, account.email);
        send.uses_place = CO_TRY(co_await sends_.use_place(send.account, *send.place, limit));
        if (!send.uses_place) {
            const auto claimed = send;
            send = CO_TRY(co_await without_place_today(account, std::move(send)));
            co_return co_await kept_with_place(std::move(send), claimed);
        }
    }
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
    // Before it is written: whoever finds it may count from the moment it can be found.
    const auto intended_at = clock_.steady();
    // The lease begins anew, so that it outlives the call whatever the steps before it took.
    send.due_at = clock_.now() + kLease;
    send = CO_TRY(co_await sends_.update(std::move(send)));

    CO_TRY(co_await note(send, LedgerWord::intent));

    auto sent = co_await google_.as<GmailMessage>(
        send.account, method::kSendDraft,
        [this, draft = send.draft_id, intended_at](Secret token) -> Task<Result<GmailMessage>> {
            // This node may have stood still meanwhile, and another one may have taken the mail over.
            if (clock_.steady() - intended_at > kMayStillAsk)
                co_return fail(ErrorKind::conflict, "it is too late to ask Google under this claim");
            co_return co_await google_.api().send_draft(std::move(token), draft);
        },
        {.is_paid = true});
    if (!sent) co_return co_await not_sent(std::move(send), std::move(sent).error());
    CO_TRY(co_await note(send, LedgerWord::sent));
    co_return co_await finish(std::move(send), sent->id, sent->thread_id, {.is_paid = true});
}

Task<Result<Send>> Outbox::not_sent(Send send, Error error) {
    attempts_.ended(send, clock_.steady());
    const auto step = after_failed_send(send, error, clock_.now());
    CO_TRY(co_await note(send, word_for(error, step)));
    if (is_not_now(error)) {
        send.attempts -= 1;
        send.refusals += 1;
    }
    co_return co_await take_step(std::move(send), step);
}

Task<Result<void>> Outbox::note(const Send& send, LedgerWord word) {
    return ledger_.append(send.account, send.id, send.epoch, word);
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
    attempts_.forget(send.id);
    // Where this is not noted, the next mail that goes out notes it.
    if (send.intent) co_await notices_.account_is_well(send.account, send.intent->at);
    if (settings_.sent) co_await settings_.sent(send.account);
    co_return send;
}

}  // namespace inboxpro
