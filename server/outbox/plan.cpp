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

/// The place that the mail has, unless the rules under which it was taken have changed. What counts as gone out on that
/// day counts on.
std::optional<Place> still_good(const Send& send, const SendingRules& rules) {
    const bool is_good = send.place && (send.uses_place || send.place->generation == rules.generation);
    return is_good ? send.place : std::nullopt;
}

}  // namespace

Task<Result<Outbox::Slot>> Outbox::slot_from(Account account, TimePoint at, bool in_hours, std::optional<Place> held,
                                             FullDays* full) {
    const auto& rules = account.sending;
    const int limit = daily_limit_of(rules, account.email);
    Slot slot{.at = in_hours ? CO_TRY(next_within(rules, zones_, at)) : at};
    if (slot.at != at) slot.put_off = Send::PutOff{.because = Because::hours, .from = at};
    for (int days = 0; days < kMostDays; ++days) {
        const Place place{.day = CO_TRY(day_of(rules, zones_, slot.at)), .generation = rules.generation};
        slot.place = held && held->day == place.day ? held : place;
        const bool is_full = full != nullptr && full->contains(place.day);
        if (slot.place == held || (!is_full && CO_TRY(co_await sends_.take_place(account.id, place, limit))))
            co_return slot;
        if (full != nullptr) full->insert(place.day);
        slot.put_off = Send::PutOff{.because = Because::limit, .from = at, .limit = limit};
        slot.at = CO_TRY(opening_after(rules, zones_, place.day));
    }
    co_return fail(ErrorKind::conflict,
                   fmt::format("the limit of {} mails a day leaves this mail no place within a year", limit));
}

Send Outbox::put_into(Send send, const Slot& slot, const SendingRules& rules) const {
    const auto wanted = send.put_off.value_or(Send::PutOff{.from = send.wanted_at, .wall = send.wall});
    send.uses_place = send.uses_place && send.place == slot.place;
    send.place = slot.place;
    send.state = SendState::scheduled;
    send.due_at = send.wanted_at = slot.at;
    send.put_off = slot.put_off;
    send.wall = slot.at == wanted.from ? wanted.wall : std::nullopt;
    if (!slot.put_off) return send;
    send.wall = zones_.shown_at(slot.at, rules.time_zone).value();
    send.put_off->from = wanted.from;
    send.put_off->wall = wanted.wall;
    return send;
}

Task<Result<Send>> Outbox::planned(Send send, Timing timing, bool only_today) {
    const auto now = clock_.now();
    auto plan = plan_for(timing, zones_, now);
    // A time that passed while the draft was written means now.
    if (!plan && send.state != SendState::preparing) co_return std::unexpected(plan.error());
    const auto wanted = plan.value_or(Planned{.at = now});
    const auto account = CO_TRY(co_await accounts_.get(send.account));
    const auto held = still_good(send, account.sending);
    const auto slot = CO_TRY(co_await slot_from(account, wanted.at, timing.in_hours, held));
    if (only_today && slot.put_off) {
        if (slot.place != held) CO_TRY(co_await sends_.give_place_back(send.account, *slot.place, false));
        co_return std::unexpected(no_place_today(slot.put_off->limit));
    }
    send.put_off.reset();
    send.wanted_at = wanted.at;
    send.wall = wanted.wall;
    send = put_into(std::move(send), slot, account.sending);
    if (!slot.put_off) send.state = wanted.state;
    send.in_hours = timing.in_hours;
    co_return send;
}

Task<Result<Send>> Outbox::kept_with_place(Send send, const Send& before) {
    const auto place = send.place;
    const auto account = send.account;
    const auto old = before.place;
    const bool old_was_used = before.uses_place;
    auto kept = co_await sends_.update(std::move(send));
    if (old == place) co_return kept;
    // Of a write without a clear answer nobody knows which is spare.
    if (kept && old) CO_TRY(co_await sends_.give_place_back(account, *old, old_was_used));
    if (!kept && kept.error().kind == ErrorKind::conflict && place)
        CO_TRY(co_await sends_.give_place_back(account, *place, false));
    co_return kept;
}

Task<Result<Send>> Outbox::with_place_now(Account account, Send send) {
    auto slot = co_await slot_from(account, clock_.now(), send.in_hours, still_good(send, account.sending));
    if (!slot && slot.error().kind == ErrorKind::conflict) co_return co_await without_place_today(account, send);
    if (!slot) co_return std::unexpected(slot.error());
    if (slot->put_off) co_return put_into(std::move(send), *slot, account.sending);
    send.uses_place = send.uses_place && send.place == slot->place;
    send.place = slot->place;
    co_return send;
}

Task<Result<Send>> Outbox::without_place_today(Account account, Send send) {
    const auto& rules = account.sending;
    const auto today = CO_TRY(day_of(rules, zones_, clock_.now()));
    const Slot tomorrow{
        .at = CO_TRY(opening_after(rules, zones_, today)),
        .put_off = Send::PutOff{
            .because = Because::limit, .from = send.wanted_at, .limit = daily_limit_of(rules, account.email)}};
    co_return put_into(std::move(send), tomorrow, rules);
}

}  // namespace inboxpro
