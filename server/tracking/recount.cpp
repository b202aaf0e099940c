#include "tracking/recount.h"

#include "tracking/messages.h"

namespace inboxpro {
namespace {

constexpr std::size_t kRecountPage = 1'000;
constexpr int kRecountTries = 64;
constexpr std::int64_t kOutsideBatch = 1;

/// The record read first, the events after it: all that its batches name are stored by then.
Task<Result<Tally>> counted(Documents& documents, const TallyRecord& record) {
    const auto message = record.tally.message;
    Tally tally{.message = message, .recipients = {}};
    Query query{.index = "by_message", .equals = {Bytes{message.view()}}, .limit = kRecountPage};
    for (;;) {
        const auto page = CO_TRY(co_await documents.find(kEvents, query));
        for (const auto& document : page) {
            const auto judged = CO_TRY(judged_event_of(document));
            if (is_folded(record, CO_TRY(mark_of(document)))) count(tally, judged.event, judged.verdict.label);
            query.after = Query::Position{.value = to_millis(judged.event.at), .id = document.id};
        }
        if (page.empty()) co_return tally;
    }
}

}  // namespace

Task<Result<TallyRecord>> stored_tally(Documents& documents, AccountId account, MessageId message) {
    const auto document = co_await documents.get(kTallies, message.raw);
    if (document) co_return tally_record_of(*document);
    if (document.error().kind != ErrorKind::not_found) co_return std::unexpected(document.error());
    Messages messages{documents};
    CO_TRY(co_await messages.get(account, message));
    co_return TallyRecord{.account = account, .tally = {.message = message, .recipients = {}}, .folded = {}};
}

bool is_folded(const TallyRecord& record, const BatchMark& mark) {
    const auto folded = record.folded.find(mark.node.text());
    return folded != record.folded.end() && mark.batch <= folded->second;
}

BatchMark outside_the_intake() {
    RawId node;
    node.bytes.back() = 1;
    return {.node = node, .batch = kOutsideBatch};
}

Task<Result<bool>> recount(Documents& documents, AccountId account, MessageId message) {
    for (int tries = 0; tries < kRecountTries; ++tries) {
        auto record = CO_TRY(co_await stored_tally(documents, account, message));
        const auto before = document_of(record);
        const auto outside = outside_the_intake();
        record.folded[outside.node.text()] = outside.batch;
        record.tally = CO_TRY(co_await counted(documents, record));
        auto after = document_of(record);
        if (after.body.at("recipients") == before.body.at("recipients")) co_return false;
        Result<void> written;
        if (record.version == 0) {
            written = co_await documents.insert(kTallies, std::move(after));
        } else if (const auto version = co_await documents.replace(kTallies, std::move(after)); !version) {
            written = std::unexpected(version.error());
        }
        if (written) co_return true;
        if (written.error().kind != ErrorKind::conflict) co_return std::unexpected(written.error());
    }
    co_return fail(ErrorKind::conflict, "a tally is being changed by others all the time");
}

}  // namespace inboxpro
