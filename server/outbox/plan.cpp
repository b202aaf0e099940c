#include <fmt/format.h>

#include "outbox/outbox.h"

namespace inboxpro {
namespace {

using Because = Send::PutOff::Because;

/// Days with no place left that are looked at.
constexpr int kMostDays = 400;

Error no_place_today(int limit) {
    return {.kind = ErrorKind::conflict,
            .detail = fmt::format("today's limit of {} mails is reached, so this mail cannot go out today", limit)};
}

}  // namespace

Task<Result<Outbox::Slot>> Outbox::slot_from(Account account, TimePoint at, bool in_hours,
                                             std::optional<SendingDay> held) {
    const auto& rules = account.sending;
    const int limit = daily_limit_of(rules, account.email);
    Slot slot{.at = in_hours ? CO_TRY(next_within(rules, zones_, at)) : at};
    if (slot.at != at) slot.put_off = Send::PutOff{.because = Because::hours, .from = at};
    for (int days = 0; days < kMostDays; ++days) {
        slot.day = CO_TRY(day_of(rules, zones_, slot.at));
        if (slot.day == held || CO_TRY(co_await sends_.take_place(account.id, slot.day, limit))) co_return slot;
        slot.put_off = Send::PutOff{.because = Because::limit, .from = at, .limit = limit};
        slot.at = CO_TRY(opening_after(rules, zones_, slot.day));
    }
    co_return fail(ErrorKind::conflict,
                   fmt::format("the limit of {} mails a day leaves this mail no place within a year", limit));
}

Task<Result<Send>> Outbox::planned(Send send, Timing timing, bool only_today) {
    const auto now = clock_.now();
    auto plan = plan_for(timing, zones_, now);
    // A time that passed while the draft was written means now.
    if (!plan && send.state != SendState::preparing) co_return std::unexpected(plan.error());
    const auto wanted = plan.value_or(Planned{.at = now});
    const auto account = CO_TRY(co_await accounts_.get(send.account));
    const auto slot = CO_TRY(co_await slot_from(account, wanted.at, timing.in_hours, send.day));
    if (only_today && slot.put_off) {
        if (slot.day != send.day) CO_TRY(co_await sends_.give_place_back(send.account, slot.day));
        co_return std::unexpected(no_place_today(slot.put_off->limit));
    }
    send.state = slot.put_off ? SendState::scheduled : wanted.state;
    send.due_at = send.wanted_at = slot.at;
    send.wall = slot.put_off ? zones_.shown_at(slot.at, account.sending.time_zone).value() : wanted.wall;
    send.in_hours = timing.in_hours;
    send.day = slot.day;
    send.put_off = slot.put_off;
    co_return send;
}

Task<Result<Send>> Outbox::kept_with_place(Send send, std::optional<SendingDay> before) {
    const auto account = send.account;
    const auto now = send.day;
    auto kept = co_await sends_.update(std::move(send));
    const auto& spare = kept ? before : now;
    // Of a write without a clear answer nobody knows which is spare.
    const bool is_clear = kept || kept.error().kind == ErrorKind::conflict;
    if (before != now && spare && is_clear) CO_TRY(co_await sends_.give_place_back(account, *spare));
    co_return kept;
}

Task<Result<Send>> Outbox::with_place_now(Send send) {
    const auto account = CO_TRY(co_await accounts_.get(send.account));
    const auto slot = CO_TRY(co_await slot_from(account, clock_.now(), send.in_hours, send.day));
    send.day = slot.day;
    if (!slot.put_off) co_return send;
    send.put_off = slot.put_off;
    send.put_off->from = send.wanted_at;
    send.state = SendState::scheduled;
    send.due_at = send.wanted_at = slot.at;
    send.wall = zones_.shown_at(slot.at, account.sending.time_zone).value();
    co_return send;
}

}  // namespace inboxpro
