#include "outbox/ledger.h"

#include <fmt/format.h>

#include "vault/primitives.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

struct LedgerField {
    enum : std::size_t { number, message };
};

/// Takes the place of a key: the hash is for order and completeness, secrecy and authorship come from sealing.
constexpr std::string_view kLabel = "inboxpro send ledger";
constexpr int kTries = 50;
constexpr std::size_t kMostOfOne = 200;
constexpr std::size_t kVerifiedAtOnce = 500;

Document document_of(const LedgerEntry& entry) {
    return {.id = entry.id,
            .account = entry.account,
            .fields = {static_cast<std::int64_t>(entry.number), Bytes(entry.message.view())},
            .body = {{"epoch", entry.epoch},
                     {"word", static_cast<int>(entry.word)},
                     {"at", to_millis(entry.at)},
                     {"previous", hex(entry.previous)},
                     {"hash", hex(entry.hash)}}};
}

Result<LedgerEntry> entry_of(const Document& document) {
    const auto* message = std::get_if<Bytes>(&document.fields.at(LedgerField::message));
    const auto* number = std::get_if<std::int64_t>(&document.fields.at(LedgerField::number));
    if (message == nullptr || number == nullptr) return fail(ErrorKind::corrupt, "A ledger entry names no message.");
    try {
        const auto& body = document.body;
        return LedgerEntry{.id = document.id,
                           .account = document.account,
                           .number = static_cast<std::uint64_t>(*number),
                           .message = TRY(MessageId::from_bytes(*message)),
                           .epoch = body.at("epoch").as_int64(),
                           .word = static_cast<LedgerWord>(body.at("word").as_int64()),
                           .at = from_millis(body.at("at").as_int64()),
                           .previous = TRY(from_hex(std::string(body.at("previous").as_string()))),
                           .hash = TRY(from_hex(std::string(body.at("hash").as_string())))};
    } catch (const std::exception&) {
        return fail(ErrorKind::corrupt, "A ledger entry cannot be read.");
    }
}

std::unexpected<Error> broken_at(std::uint64_t number) {
    return fail(ErrorKind::corrupt, fmt::format("the ledger is broken at entry {}", number));
}

}  // namespace

const Collection kSendLedger{
    .name = "send_ledger",
    .fields = {{"number", FieldKind::integer}, {"message", FieldKind::bytes}},
    .indexes = {{.name = "by_account_number", .fields = {"account", "number"}, .unique = true},
                {.name = "by_message", .fields = {"message", "number"}}},
};

std::string_view name_of(LedgerWord word) {
    switch (word) {
        case LedgerWord::intent: return "intent";
        case LedgerWord::sent: return "sent";
        case LedgerWord::not_now: return "not_now";
        case LedgerWord::refused: return "refused";
        case LedgerWord::gone: return "gone";
        case LedgerWord::unclear: return "unclear";
        case LedgerWord::found: return "found";
        case LedgerWord::still_there: return "still_there";
        case LedgerWord::missing: return "missing";
        case LedgerWord::cancelled: break;
    }
    return "cancelled";
}

Bytes hash_of(const LedgerEntry& entry) {
    Bytes input(entry.account.view());
    append_u64(input, entry.number);
    input += entry.message.view();
    append_u64(input, static_cast<std::uint64_t>(entry.epoch));
    append_u16(input, static_cast<std::uint16_t>(entry.word));
    append_u64(input, static_cast<std::uint64_t>(to_millis(entry.at)));
    input += entry.previous;
    return hmac_sha256(kLabel, input);
}

Task<Result<void>> Ledger::append(AccountId account, MessageId message, std::int64_t epoch, LedgerWord word) {
    const auto now = clock_.now();
    LedgerEntry entry{.id = RawId::make(now, random_), .account = account, .message = message, .epoch = epoch};
    entry.word = word;
    entry.at = now;
    co_await wait_for_turn(account);
    struct Turn {
        Ledger& ledger;
        AccountId account;
        ~Turn() { ledger.end_turn(account); }
    } const turn{*this, account};
    co_return co_await append_in_turn(std::move(entry));
}

Task<Result<void>> Ledger::append_in_turn(LedgerEntry entry) {
    for (int tries = 0; tries < kTries; ++tries) {
        const auto last = CO_TRY(co_await last_of(entry.account));
        entry.number = last ? last->number + 1 : 1;
        entry.previous = last ? last->hash : Bytes();
        entry.hash = hash_of(entry);
        const auto kept = co_await documents_.insert(kSendLedger, document_of(entry));
        if (kept) co_return Result<void>{};
        // Another node continued the chain in this place.
        if (kept.error().kind != ErrorKind::conflict) co_return std::unexpected(kept.error());
    }
    co_return fail(ErrorKind::unavailable, "the ledger is being continued by others all the time");
}

// An entry that cannot be read must not end all sending: the chain goes on behind it, and verify() tells.
Task<Result<std::optional<LedgerEntry>>> Ledger::last_of(AccountId account) {
    const Query query{
        .index = "by_account_number", .equals = {Bytes(account.view())}, .order = Order::descending, .limit = 1};
    const auto last = CO_TRY(co_await documents_.find_unopened(kSendLedger, query));
    if (last.empty()) co_return std::optional<LedgerEntry>{};
    const auto document = co_await documents_.get(kSendLedger, last.front().id);
    if (!document && document.error().kind != ErrorKind::corrupt) co_return std::unexpected(document.error());
    if (document)
        if (auto entry = entry_of(*document)) co_return std::move(*entry);
    const auto* number = std::get_if<std::int64_t>(&last.front().fields.at(LedgerField::number));
    co_return LedgerEntry{.number = number == nullptr ? 0 : static_cast<std::uint64_t>(*number)};
}

Task<void> Ledger::wait_for_turn(AccountId account) {
    {
        const std::scoped_lock lock{mutex_};
        if (waiting_.try_emplace(account).second) co_return;
    }
    co_await finished_elsewhere<bool>([this, account](std::function<void(bool)> go) {
        {
            const std::scoped_lock lock{mutex_};
            const auto [line, is_first] = waiting_.try_emplace(account);
            if (!is_first) {
                line->second.push_back(std::move(go));
                return;
            }
        }
        go(true);
    });
}

void Ledger::end_turn(AccountId account) {
    std::function<void(bool)> next;
    {
        const std::scoped_lock lock{mutex_};
        const auto line = waiting_.find(account);
        if (line->second.empty()) {
            waiting_.erase(line);
            return;
        }
        next = std::move(line->second.front());
        line->second.pop_front();
    }
    next(true);
}

Task<Result<std::vector<LedgerEntry>>> Ledger::of_message(AccountId account, MessageId message) {
    const auto documents = CO_TRY(co_await documents_.find(
        kSendLedger, {.index = "by_message", .equals = {Bytes(message.view())}, .limit = kMostOfOne}));
    std::vector<LedgerEntry> entries;
    for (const auto& document : documents)
        if (document.account == account) entries.push_back(CO_TRY(entry_of(document)));
    co_return entries;
}

Task<Result<std::uint64_t>> Ledger::verify(AccountId account) {
    std::uint64_t number = 0;
    Bytes previous;
    for (;;) {
        const auto documents =
            CO_TRY(co_await documents_.find(kSendLedger, {.index = "by_account_number",
                                                          .equals = {Bytes(account.view())},
                                                          .from = static_cast<std::int64_t>(number + 1),
                                                          .limit = kVerifiedAtOnce}));
        for (const auto& document : documents) {
            const auto entry = CO_TRY(entry_of(document));
            ++number;
            const bool follows = entry.number == number && entry.previous == previous;
            if (!follows || entry.hash != hash_of(entry)) co_return broken_at(number);
            previous = entry.hash;
        }
        if (documents.size() < kVerifiedAtOnce) break;
    }
    co_return number;
}

}  // namespace inboxpro
