#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include "outbox/outbox.h"

namespace inboxpro {
namespace {

constexpr std::size_t kHistoryPages = 10;
/// Messages that one look reads, at 20 units each.
constexpr std::size_t kMostRead = 50;
constexpr std::size_t kMostDraftsRead = 25;
/// Google's clock and ours need not agree.
constexpr std::chrono::minutes kSkew{5};
constexpr std::chrono::minutes kSweepAgain{2};
constexpr std::chrono::hours kSweepGivesUp{24};

bool has_label(const std::vector<std::string>& labels, std::string_view label) {
    return std::ranges::find(labels, label) != labels.end();
}

/// Gmail may change the case of a name and the space around a value.
bool carries(const GmailMessage& message, const std::string& marker) {
    return std::ranges::any_of(message.headers, [&](const auto& header) {
        return boost::iequals(header.first, kMarkerHeader) && boost::trim_copy(header.second) == marker;
    });
}

bool is_sent(const GmailMessage& message) {
    return has_label(message.labels, "SENT") && !has_label(message.labels, "DRAFT");
}

/// Those of the conversation, then the newest others; not more than one look may read.
std::vector<MessageList::Entry> likely_first(const MessageList& list, const std::string& thread_id) {
    std::vector<MessageList::Entry> entries;
    for (const bool likely : {true, false})
        for (const auto& entry : list.messages)
            if ((entry.thread_id == thread_id) == likely && entries.size() < kMostRead) entries.push_back(entry);
    return entries;
}

}  // namespace

Task<Result<Send>> Outbox::look_up(Send send) {
    const auto draft = co_await google_.as<GmailDraft>(
        send.account, method::kGetDraft,
        [this, id = send.draft_id](Secret token) { return google_.api().get_draft(std::move(token), id); });
    const bool gone =
        !draft && (draft.error().kind == ErrorKind::not_found || draft.error().kind == ErrorKind::invalid);
    if (!draft && !gone) co_return co_await unclear_still(std::move(send), draft.error());

    auto copy = co_await sent_copy_of(send, gone);
    if (!copy) co_return co_await unclear_still(std::move(send), copy.error());
    if (*copy) {
        CO_TRY(co_await note(send, LedgerWord::found));
        co_return co_await finish(std::move(send), (*copy)->id, (*copy)->thread_id);
    }
    const auto step = after_lookup(send, gone ? Found::nothing : Found::draft_still_there,
                                   attempts_.watched(send, clock_.steady()), clock_.now());
    if (step.state != SendState::unknown)
        CO_TRY(co_await note(send, gone ? LedgerWord::missing : LedgerWord::still_there));
    co_return co_await take_step(std::move(send), step);
}

Task<Result<Send>> Outbox::unclear_still(Send send, Error error) {
    const auto step = after_failed_lookup(send, error, clock_.now());
    co_return co_await take_step(std::move(send), step);
}

Task<Result<std::optional<GmailMessage>>> Outbox::sent_copy_of(Send send, bool draft_gone) {
    auto search = CO_TRY(co_await search_history(send));
    // The user may have sent the draft before we tried to, which history since our attempt does not show.
    if (search.copy || (search.saw_everything && !draft_gone)) co_return std::move(search.copy);
    co_return co_await search_sent(std::move(send));
}

Task<Result<std::optional<GmailMessage>>> Outbox::marked(Send send, std::string message_id) {
    auto message = co_await google_.as<GmailMessage>(
        send.account, method::kGetMessage, [this, id = std::move(message_id)](Secret token) {
            return google_.api().message_metadata(std::move(token), id, {std::string(kMarkerHeader)});
        });
    if (!message && message.error().kind != ErrorKind::not_found) co_return std::unexpected(message.error());
    if (!message || !carries(*message, send.marker)) co_return std::optional<GmailMessage>{};
    co_return std::move(*message);
}

Task<Result<Outbox::Search>> Outbox::search_history(Send send) {
    Search search;
    if (!send.intent || send.intent->history_id == 0) co_return search;
    std::size_t read = 0;
    bool left_out = false;
    std::string page;
    for (std::size_t pages = 0; pages < kHistoryPages; ++pages) {
        const auto history = co_await google_.as<HistoryPage>(
            send.account, method::kListHistory, [this, since = send.intent->history_id, page](Secret token) {
                return google_.api().history(std::move(token), since, page);
            });
        const bool too_old =
            !history && (history.error().kind == ErrorKind::not_found || history.error().kind == ErrorKind::invalid);
        if (too_old) co_return search;
        if (!history) co_return std::unexpected(history.error());
        for (const auto& added : history->entries) {
            if (added.change != HistoryPage::Change::added) continue;
            const bool says_no = !added.labels.empty() && !has_label(added.labels, "SENT");
            if (says_no || added.message_id.empty()) continue;
            // Where Google does not say which ones were sent, those of other conversations are too many to read.
            const bool unlikely = added.labels.empty() && added.thread_id != send.thread_id;
            left_out = left_out || unlikely || read == kMostRead;
            if (unlikely || read++ >= kMostRead) continue;
            auto message = CO_TRY(co_await marked(send, added.message_id));
            if (!message || !is_sent(*message)) continue;
            search.copy = std::move(message);
            co_return search;
        }
        page = history->next_page;
        if (!page.empty()) continue;
        search.saw_everything = !left_out;
        break;
    }
    co_return search;
}

Task<Result<std::optional<GmailMessage>>> Outbox::search_sent(Send send) {
    const auto list =
        CO_TRY(co_await google_.as<MessageList>(send.account, method::kListMessages, [this](Secret token) {
            return google_.api().messages(std::move(token), "SENT", {});
        }));
    for (const auto& entry : likely_first(list, send.thread_id)) {
        const auto message = co_await google_.as<GmailMessage>(
            send.account, method::kGetMessage, [this, id = entry.message_id](Secret token) {
                return google_.api().message_metadata(std::move(token), id, {std::string(kMarkerHeader)});
            });
        if (!message && message.error().kind == ErrorKind::not_found) continue;
        if (!message) co_return std::unexpected(message.error());
        if (carries(*message, send.marker) && is_sent(*message)) co_return *message;
        const bool older = message->internal_date < send.id.raw.made_at() - kSkew;
        if (older && entry.thread_id != send.thread_id) break;
    }
    co_return std::optional<GmailMessage>{};
}

Task<Result<std::optional<GmailDraft>>> Outbox::find_draft(Send send) {
    auto drafts = CO_TRY(co_await google_.as<std::vector<GmailDraft>>(
        send.account, method::kListDrafts, [this](Secret token) { return google_.api().drafts(std::move(token)); }));
    if (drafts.size() > kMostDraftsRead) drafts.resize(kMostDraftsRead);
    for (auto& draft : drafts) {
        const auto message = CO_TRY(co_await marked(send, draft.message_id));
        if (message) co_return std::move(draft);
    }
    co_return std::optional<GmailDraft>{};
}

Task<Result<Send>> Outbox::sweep(Send send) {
    // From here on a submission that is still under way fails when it wants to keep its draft.
    send = CO_TRY(
        co_await take_step(std::move(send), {.state = SendState::preparing, .due_at = clock_.now() + kSweepAgain}));
    const auto age = clock_.now() - send.wanted_at;
    const auto draft = co_await find_draft(send);
    if (!draft && age < kSweepGivesUp) co_return send;
    if (draft && !*draft && age < kPreparing + kSearchTime) co_return send;
    if (draft && *draft) {
        const auto deleted = co_await google_.as<void>(
            send.account, method::kDeleteDraft,
            [this, id = (*draft)->draft_id](Secret token) { return google_.api().delete_draft(std::move(token), id); });
        if (!deleted && deleted.error().kind != ErrorKind::not_found) co_return send;
    }
    const auto discarded = co_await messages_.discard(send.account, send.id);
    if (!discarded && discarded.error().kind != ErrorKind::not_found) co_return std::unexpected(discarded.error());
    CO_TRY(co_await sends_.remove(send.account, send.id));
    send.state = SendState::cancelled;
    co_return send;
}

}  // namespace inboxpro
