#include "tracking/hindsight.h"

#include "tracking/judge_together.h"
#include "tracking/recount.h"

namespace inboxpro {
namespace {

constexpr std::size_t kHindsightPage = 1'000;
constexpr std::size_t kWrittenTogether = 500;
constexpr int kHindsightTries = 16;

Task<Result<std::vector<Document>>> events_of(Documents& documents, MessageId message) {
    std::vector<Document> all;
    Query query{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = kHindsightPage};
    for (;;) {
        auto page = CO_TRY(co_await documents.find(kEvents, query));
        if (page.empty()) co_return all;
        query.after = Query::Position{.value = to_millis(CO_TRY(time_of(page.back()))), .id = page.back().id};
        std::ranges::move(page, std::back_inserter(all));
    }
}

bool same(const Verdict& a, const Verdict& b) {
    return a.label == b.label && a.confidence == b.confidence && a.rule == b.rule &&
           a.rules_version == b.rules_version && a.reasons == b.reasons && a.provisional == b.provisional;
}

/// The documents of events whose verdict is another one now. What is not folded yet is on its way into the figures
/// under its first verdict.
Result<std::vector<Document>> judged_otherwise(const Message& message, const TallyRecord& tally,
                                               const std::vector<Document>& documents, TimePoint now) {
    std::vector<JudgedEvent> events;
    events.reserve(documents.size());
    for (const auto& document : documents) events.push_back(TRY(judged_event_of(document)));
    auto verdicts = judge_together(message, events, now, Hindsight::kSettledAfter);
    std::vector<Document> changed;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto mark = TRY(mark_of(documents[i]));
        if (same(verdicts[i], events[i].verdict) || !is_folded(tally, mark)) continue;
        events[i].verdict = std::move(verdicts[i]);
        changed.push_back(document_of(events[i], mark));
        changed.back().version = documents[i].version;
    }
    return changed;
}

/// Returns how many were written; the others were changed by somebody else meanwhile, or are gone.
Task<Result<std::size_t>> write_all(Documents& documents, std::vector<Document> changed) {
    std::size_t written = 0;
    for (std::size_t begin = 0; begin < changed.size(); begin += kWrittenTogether) {
        const auto end = std::min(changed.size(), begin + kWrittenTogether);
        std::vector<Document> some(std::move_iterator(changed.begin() + static_cast<std::ptrdiff_t>(begin)),
                                   std::move_iterator(changed.begin() + static_cast<std::ptrdiff_t>(end)));
        for (const auto version : CO_TRY(co_await documents.replace_many(kEvents, std::move(some))))
            written += version == 0 ? 0 : 1;
    }
    co_return written;
}

}  // namespace

Task<Result<Hindsight::Outcome>> Hindsight::judge_again(Message message) {
    Outcome outcome;
    bool overtaken = true;
    for (int tries = 0; overtaken; ++tries) {
        if (tries == kHindsightTries) co_return fail(ErrorKind::conflict, "a message is judged by others all the time");
        const auto tally = CO_TRY(co_await stored_tally(documents_, message.account, message.id));
        const auto all = CO_TRY(co_await events_of(documents_, message.id));
        auto changed = CO_TRY(judged_otherwise(message, tally, all, clock_.now()));
        const auto wanted = changed.size();
        const auto written = CO_TRY(co_await write_all(documents_, std::move(changed)));
        outcome.events = all.size();
        outcome.changed += written;
        overtaken = written < wanted;
    }
    outcome.recounted = CO_TRY(co_await recount(documents_, message.account, message.id));
    co_return outcome;
}

}  // namespace inboxpro
