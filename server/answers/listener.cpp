#include "answers/listener.h"

#include <fmt/format.h>

#include <algorithm>

#include "mail/addresses.h"
#include "mail/structure.h"
#include "tracking/recount.h"

namespace inboxpro {
namespace {

constexpr Pace kInTheBackground{.urgency = Urgency::background};

bool has(const std::vector<std::string>& labels, std::string_view label) {
    return std::ranges::find(labels, label) != labels.end();
}

/// Drafts and what the user sends are nobody's answer.
bool may_be_an_answer(const MailboxChange& change) {
    return change.kind == MailboxChange::Kind::added && !has(change.labels, "SENT") && !has(change.labels, "DRAFT");
}

std::string sender_of(const HeaderList& headers) {
    for (const auto& [name, value] : headers)
        if (equal_ignoring_case(name, "From"))
            if (const auto mailboxes = mailboxes_in(value); mailboxes && !mailboxes->empty())
                return mailboxes->front().address;
    return {};
}

std::vector<std::string> wanted_headers() {
    const auto names = inspected_headers();
    return {names.begin(), names.end()};
}

/// An error that comes again however often the changes are told.
bool will_stay(const Error& error) {
    return error.kind == ErrorKind::not_found || error.kind == ErrorKind::invalid || error.kind == ErrorKind::corrupt;
}

}  // namespace

Task<Result<void>> AnswersListener::changed(AccountId account, std::vector<MailboxChange> changes) {
    for (auto& change : changes) {
        if (!may_be_an_answer(change)) continue;
        const auto looked = co_await look_at(account, std::move(change.message_id), std::move(change.thread_id));
        if (!looked && !will_stay(looked.error())) co_return looked;
    }
    co_return Result<void>{};
}

Task<Result<void>> AnswersListener::look_at(AccountId account, std::string message_id, std::string thread_id) {
    const auto sent = CO_TRY(co_await messages_.of_thread(account, std::move(thread_id)));
    if (sent.empty()) co_return Result<void>{};
    auto arrived = CO_TRY(co_await read_header(account, message_id));
    if (!arrived) co_return Result<void>{};
    auto& [answer, at] = *arrived;
    const auto answered =
        std::ranges::find_if(sent, [at](const Message& one) { return one.sent_at && *one.sent_at <= at; });
    if (answered == sent.end()) co_return Result<void>{};
    if (needs_report(answer, *answered))
        if (auto report = CO_TRY(co_await read_report(account, message_id))) answer.inspection = std::move(*report);
    auto meaning = meaning_of(answer, *answered);
    if (!meaning) co_return Result<void>{};
    co_return co_await store(*answered, std::move(*meaning), std::move(message_id), at);
}

Task<Result<std::optional<AnswersListener::Arrived>>> AnswersListener::read_header(AccountId account,
                                                                                   std::string message_id) {
    const auto message = co_await google_.as<GmailMessage>(
        account, method::kGetMessage,
        [this, message_id](Secret token) {
            return google_.api().message_metadata(std::move(token), message_id, wanted_headers());
        },
        kInTheBackground);
    if (!message && message.error().kind == ErrorKind::not_found) co_return std::nullopt;
    if (!message) co_return std::unexpected(message.error());
    if (has(message->labels, "SENT") || has(message->labels, "DRAFT")) co_return std::nullopt;
    co_return Arrived{.answer = {.from = sender_of(message->headers), .inspection = inspect_header(message->headers)},
                      .at = message->internal_date};
}

Task<Result<std::optional<Inspection>>> AnswersListener::read_report(AccountId account, std::string message_id) {
    if (!co_await google_.may_ask(account, method::kReadMessage)) co_return std::nullopt;
    const auto raw = co_await google_.as<Bytes>(
        account, method::kReadMessage,
        [this, message_id](Secret token) { return google_.api().raw_message(std::move(token), message_id); },
        kInTheBackground);
    if (!raw && raw.error().kind == ErrorKind::rate_limited) co_return std::unexpected(raw.error());
    // The header has to do.
    if (!raw) co_return std::nullopt;
    auto inspection = inspect_mail(*raw);
    if (!inspection || inspection->kind != MailKind::bounce) co_return std::nullopt;
    co_return std::move(*inspection);
}

// The id follows from the mail and its recipient, so that what is told again is stored once.
Task<Result<void>> AnswersListener::store(Message message, Meaning meaning, std::string message_id, TimePoint at) {
    for (const auto recipient : meaning.recipients) {
        JudgedEvent judged{.event = {.kind = meaning.kind,
                                     .account = message.account,
                                     .message = message.id,
                                     .recipient = recipient,
                                     .link = {},
                                     .at = at},
                           .verdict = meaning.verdict};
        const auto name = fmt::format("{} {} {}", message.id.text(), message_id, recipient ? int{*recipient} : -1);
        const auto digest = index_.of(message.account, "answer", name);
        judged.event.id = CO_TRY(EventId::from_bytes(BytesView(digest).substr(0, sizeof(RawId::bytes))));
        const auto stored = co_await documents_.insert(kEvents, document_of(judged, outside_the_intake()));
        if (!stored && stored.error().kind != ErrorKind::conflict) co_return stored;
        if (stored && told_) told_(judged);
    }
    CO_TRY(co_await hindsight_.judge_again(std::move(message)));
    co_return Result<void>{};
}

}  // namespace inboxpro
