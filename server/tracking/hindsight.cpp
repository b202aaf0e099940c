#include "tracking/hindsight.h"

#include <algorithm>
#include <set>

#include "tracking/classify/classify.h"
#include "tracking/classify/facts_of.h"
#include "tracking/recount.h"

namespace inboxpro {
namespace {

constexpr std::size_t kPage = 1'000;
constexpr std::chrono::seconds kTogether{2};

struct Stored {
    Document document;
    JudgedEvent judged;
};

Task<Result<std::vector<Stored>>> events_of(Documents& documents, MessageId message) {
    std::vector<Stored> all;
    Query query{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = kPage};
    for (;;) {
        auto page = CO_TRY(co_await documents.find(kEvents, query));
        if (page.empty()) co_return all;
        for (auto& document : page) {
            auto judged = CO_TRY(judged_event_of(document));
            all.push_back({.document = std::move(document), .judged = std::move(judged)});
        }
        query.after = Query::Position{.value = to_millis(all.back().judged.event.at), .id = all.back().document.id};
    }
}

/// `all` in the order of time.
void add_neighbours(Facts& facts, const std::vector<Stored>& all, std::size_t index) {
    const auto& event = all[index].judged.event;
    std::set<std::uint16_t> others;
    const auto look_at = [&](const Event& near) {
        if (near.kind != EventKind::click || near.recipient != event.recipient || !near.link) return;
        if (near.link == event.link)
            ++facts.same_link_repeats_within_2s;
        else
            others.insert(*near.link);
    };
    for (auto at = index; at-- > 0 && event.at - all[at].judged.event.at <= kTogether;) look_at(all[at].judged.event);
    for (auto at = index + 1; at < all.size() && all[at].judged.event.at - event.at <= kTogether; ++at)
        look_at(all[at].judged.event);
    facts.other_links_within_2s = static_cast<int>(others.size());
}

/// For each open the age of the signal that its sender was looking then. A signal belongs to one open: the first after
/// it, within ten seconds.
std::vector<std::optional<double>> viewing_ages(const std::vector<Stored>& all, const Message& message) {
    constexpr std::chrono::seconds kLongest{10};
    std::vector<std::optional<double>> ages(all.size());
    auto open = all.begin();
    for (const auto viewed_at : message.viewings) {
        open = std::find_if(open, all.end(), [&](const Stored& stored) {
            return stored.judged.event.kind == EventKind::open && stored.judged.event.at >= viewed_at;
        });
        if (open == all.end()) break;
        const auto age = open->judged.event.at - viewed_at;
        if (age > kLongest) continue;
        ages[static_cast<std::size_t>(open - all.begin())] = std::chrono::duration<double>(age).count();
        ++open;
    }
    return ages;
}

Verdict verdict_on(const std::vector<Stored>& all, std::size_t index, const Message& message,
                   std::optional<double> viewed_seconds_ago, TimePoint now) {
    const auto& event = all[index].judged.event;
    auto facts = facts_of(event, message.sent_at, message.links);
    if (event.kind == EventKind::click) add_neighbours(facts, all, index);
    facts.sender_viewing_seconds_ago = viewed_seconds_ago;
    auto verdict = classify(facts);
    const bool may_change =
        event.kind == EventKind::click && message.links > 1 && now - event.at < Hindsight::kSettledAfter;
    if (!may_change) return verdict;
    facts.other_links_within_2s = message.links - 1;
    verdict.provisional = classify(facts).rule == "link-burst" && verdict.rule != "link-burst";
    return verdict;
}

bool same(const Verdict& a, const Verdict& b) {
    return a.label == b.label && a.confidence == b.confidence && a.rule == b.rule &&
           a.rules_version == b.rules_version && a.reasons == b.reasons && a.provisional == b.provisional;
}

}  // namespace

Task<Result<Hindsight::Outcome>> Hindsight::judge_again(Message message) {
    // What is not folded yet is on its way into the figures under its first verdict.
    const auto tally = CO_TRY(co_await stored_tally(documents_, message.account, message.id));
    const auto all = CO_TRY(co_await events_of(documents_, message.id));
    const auto ages = viewing_ages(all, message);
    const auto now = clock_.now();
    Outcome outcome{.events = all.size()};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& [document, judged] = all[i];
        if (judged.event.kind != EventKind::open && judged.event.kind != EventKind::click) continue;
        const auto mark = CO_TRY(mark_of(document));
        auto verdict = verdict_on(all, i, message, ages[i], now);
        if (!is_folded(tally, mark) || same(verdict, judged.verdict)) continue;
        auto changed = document_of(JudgedEvent{.event = judged.event, .verdict = std::move(verdict)}, mark);
        changed.version = document.version;
        const auto written = co_await documents_.replace(kEvents, std::move(changed));
        // Somebody else judged it meanwhile, or the message was discarded.
        const bool overtaken =
            !written && (written.error().kind == ErrorKind::conflict || written.error().kind == ErrorKind::not_found);
        if (!written && !overtaken) co_return std::unexpected(written.error());
        outcome.changed += written ? 1 : 0;
    }
    outcome.recounted = CO_TRY(co_await recount(documents_, message.account, message.id));
    co_return outcome;
}

}  // namespace inboxpro
