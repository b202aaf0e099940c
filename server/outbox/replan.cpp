#include "outbox/outbox.h"

namespace inboxpro {
namespace {

constexpr std::size_t kPage = 50;
/// How long the claim of a page holds.
constexpr std::chrono::minutes kPageLease{2};
/// By then the rules that were about to change have changed, or their process has ended.
constexpr std::chrono::minutes kChangesWithin{1};

/// Whether it simply waits for its time. What is being tried or changed, is held or needs its writer gets its place
/// when it is claimed.
bool waits_for_its_time(const Send& send) {
    return send.state == SendState::scheduled && send.due_at == send.wanted_at && !send.changing && send.place &&
           !send.uses_place;
}

}  // namespace

const Collection kReplans{.name = "replans",
                          .fields = {{"due_at", FieldKind::integer}},
                          .indexes = {{.name = "by_due", .fields = {"due_at"}}}};

Task<Result<void>> Outbox::rules_will_change(AccountId account) {
    return sends_.ask_to_replan(account, clock_.now() + kChangesWithin);
}

Task<Result<void>> Outbox::rules_changed(AccountId account) {
    CO_TRY(co_await sends_.ask_to_replan(account, clock_.now()));
    if (settings_.work_is_due) settings_.work_is_due();
    co_return Result<void>{};
}

Task<Result<std::vector<Replan>>> Outbox::replans_due(std::size_t limit) {
    return sends_.replans_due(clock_.now(), limit);
}

// In the order in which mail goes out, so that it stays in that order. What moves to a later day is met again there.
Task<Result<void>> Outbox::replan(Replan replan) {
    replan.due_at = clock_.now() + kPageLease;
    replan = CO_TRY(co_await sends_.update(std::move(replan)));
    const auto account = CO_TRY(co_await accounts_.get(replan.account));
    const auto page = CO_TRY(co_await sends_.waiting_behind(replan.account, kPage, replan.after));
    FullDays full;
    for (const auto& send : page) CO_TRY(co_await plan_anew(account, send, &full));
    if (settings_.work_is_due) settings_.work_is_due();
    const bool is_last = page.size() < kPage;
    if (!is_last) replan.after = Query::Position{.value = to_millis(page.back().wanted_at), .id = page.back().id.raw};
    replan.due_at = is_last ? kNever : clock_.now();
    CO_TRY(co_await sends_.update(std::move(replan)));
    co_return Result<void>{};
}

Task<Result<void>> Outbox::plan_anew(Account account, Send send, FullDays* full) {
    const auto& rules = account.sending;
    const auto now = clock_.now();
    if (!waits_for_its_time(send) || send.place->generation >= rules.generation || send.due_at <= now)
        co_return Result<void>{};
    const auto first = send.put_off ? send.put_off->from : send.wanted_at;
    const auto slot = co_await slot_from(account, std::max(first, now), send.in_hours, {}, full);
    // Too much for a year: its day comes under the rules of then.
    if (!slot && slot.error().kind == ErrorKind::conflict) co_return Result<void>{};
    if (!slot) co_return std::unexpected(slot.error());
    const auto before = send;
    const auto kept = co_await kept_with_place(put_into(std::move(send), *slot, rules), before);
    if (!kept && kept.error().kind != ErrorKind::conflict) co_return std::unexpected(kept.error());
    co_return Result<void>{};
}

namespace {

Document document_of(const Replan& replan) {
    boost::json::object body;
    if (replan.after)
        body = {{"wanted_at", std::get<std::int64_t>(replan.after->value)}, {"id", replan.after->id.text()}};
    return {.id = replan.account.raw,
            .account = replan.account,
            .version = replan.version,
            .fields = {to_millis(replan.due_at)},
            .body = std::move(body)};
}

Replan replan_of(const Document& document) {
    Replan replan{.account = document.account, .version = document.version};
    replan.due_at = from_millis(std::get<std::int64_t>(document.fields.at(0)));
    if (document.body.contains("id"))
        replan.after = Query::Position{.value = document.body.at("wanted_at").as_int64(),
                                       .id = RawId::parse(std::string(document.body.at("id").as_string())).value()};
    return replan;
}

}  // namespace

Task<Result<void>> Sends::ask_to_replan(AccountId account, TimePoint at) {
    Replan replan{.account = account, .due_at = at};
    for (;;) {
        auto kept = co_await documents_.insert(kReplans, document_of(replan));
        if (kept || kept.error().kind != ErrorKind::conflict) co_return kept;
        const auto known = co_await documents_.get(kReplans, account.raw);
        if (!known && known.error().kind == ErrorKind::not_found) continue;
        if (!known) co_return std::unexpected(known.error());
        replan.version = known->version;
        const auto changed = co_await update(replan);
        if (changed) co_return Result<void>{};
        if (changed.error().kind != ErrorKind::conflict && changed.error().kind != ErrorKind::not_found)
            co_return std::unexpected(changed.error());
    }
}

Task<Result<std::vector<Replan>>> Sends::replans_due(TimePoint now, std::size_t limit) {
    std::vector<Replan> replans;
    const auto due =
        CO_TRY(co_await documents_.find(kReplans, {.index = "by_due", .below = to_millis(now) + 1, .limit = limit}));
    for (const auto& document : due) replans.push_back(replan_of(document));
    co_return replans;
}

Task<Result<Replan>> Sends::update(Replan replan) {
    replan.version = CO_TRY(co_await documents_.replace(kReplans, document_of(replan)));
    co_return replan;
}

}  // namespace inboxpro
