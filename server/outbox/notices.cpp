#include "outbox/notices.h"

#include <boost/json.hpp>

#include "vault/primitives.h"

namespace inboxpro {
namespace {

namespace json = boost::json;

struct NoticeField {
    enum : std::size_t { open, at, field_count };
};

/// How long a closed one is known, so that it is not told again.
constexpr std::chrono::days kNoticesKept{90};
constexpr std::size_t kNoticesForgottenAtOnce = 20;

RawId id_of(const Send& send) {
    Bytes input(send.account.view());
    if (!is_of_account(*send.problem)) {
        input += send.id.view();
        append_u64(input, static_cast<std::uint64_t>(send.epoch));
        input += send.problem->code;
    }
    return RawId::from_bytes(hmac_sha256("inboxpro notice", input).substr(0, sizeof(RawId::bytes))).value();
}

Notice notice_of(const Send& send, TimePoint now) {
    Notice notice{.id = id_of(send), .account = send.account, .problem = *send.problem, .at = now};
    if (is_of_account(*send.problem)) return notice;
    notice.message = send.id;
    notice.epoch = send.epoch;
    return notice;
}

Document document_of(const Notice& notice) {
    std::vector<Value> fields(NoticeField::field_count);
    fields[NoticeField::open] = std::int64_t{notice.is_open ? 1 : 0};
    fields[NoticeField::at] = to_millis(notice.at);
    json::object body{
        {"code", notice.problem.code}, {"message", notice.problem.message}, {"what_to_do", notice.problem.what_to_do}};
    if (notice.message) {
        body["mail"] = notice.message->text();
        body["epoch"] = notice.epoch;
    }
    return {.id = notice.id,
            .account = notice.account,
            .version = notice.version,
            .fields = std::move(fields),
            .body = std::move(body)};
}

Notice notice_from(const Document& document) {
    const auto text = [&](std::string_view key) { return std::string(document.body.at(key).as_string()); };
    Notice notice{.id = document.id, .account = document.account, .version = document.version};
    notice.problem = {.code = text("code"), .message = text("message"), .what_to_do = text("what_to_do")};
    notice.at = from_millis(std::get<std::int64_t>(document.fields.at(NoticeField::at)));
    notice.is_open = std::get<std::int64_t>(document.fields.at(NoticeField::open)) == 1;
    if (!document.body.contains("mail")) return notice;
    notice.message = MessageId::parse(text("mail")).value();
    notice.epoch = document.body.at("epoch").as_int64();
    return notice;
}

}  // namespace

const Collection kNotices{.name = "notices",
                          .fields = {{"open", FieldKind::integer}, {"at", FieldKind::integer}},
                          .indexes = {{.name = "by_account_open", .fields = {"account", "open", "at"}}}};

bool is_of_account(const Send::Problem& problem) {
    return problem.code == "reconnect" || problem.code == "blocked" || problem.code == "limit";
}

Task<Result<bool>> Notices::tell(Send send) {
    auto told = notice_of(send, clock_.now());
    const auto known = co_await documents_.get(kNotices, told.id);
    if (known) co_return co_await change(notice_from(*known), std::move(told));
    if (known.error().kind != ErrorKind::not_found) co_return std::unexpected(known.error());
    const auto kept = co_await documents_.insert(kNotices, document_of(told));
    if (!kept && kept.error().kind != ErrorKind::conflict) co_return std::unexpected(kept.error());
    if (kept) co_await forget_old(send.account);
    co_return kept.has_value();
}

Task<Result<bool>> Notices::change(Notice known, Notice told) {
    if (known.problem.code == told.problem.code) co_return false;
    told.version = known.version;
    const auto kept = co_await documents_.replace(kNotices, document_of(told));
    if (!kept && kept.error().kind != ErrorKind::conflict) co_return std::unexpected(kept.error());
    co_return kept.has_value();
}

Task<Result<std::vector<Notice>>> Notices::open(AccountId account, std::size_t limit, std::optional<RawId> after) {
    Query query{.index = "by_account_open",
                .equals = {Bytes(account.view()), std::int64_t{1}},
                .order = Order::descending,
                .limit = limit};
    if (after) {
        const auto last = CO_TRY(co_await documents_.get(kNotices, *after));
        if (last.account != account) co_return fail(ErrorKind::not_found, "There is no such notice.");
        query.after = Query::Position{.value = last.fields.at(NoticeField::at), .id = last.id};
    }
    std::vector<Notice> notices;
    for (const auto& document : CO_TRY(co_await documents_.find(kNotices, std::move(query))))
        notices.push_back(notice_from(document));
    co_return notices;
}

Task<Result<void>> Notices::close(AccountId account, RawId id) {
    const auto document = co_await documents_.get(kNotices, id);
    const bool is_there = document && document->account == account;
    if (!document && document.error().kind != ErrorKind::not_found) co_return std::unexpected(document.error());
    if (!is_there) co_return fail(ErrorKind::not_found, "There is no such notice.");
    auto notice = notice_from(*document);
    if (!std::exchange(notice.is_open, false)) co_return Result<void>{};
    const auto closed = co_await documents_.replace(kNotices, document_of(notice));
    if (!closed && closed.error().kind != ErrorKind::conflict) co_return std::unexpected(closed.error());
    co_return Result<void>{};
}

Task<Result<void>> Notices::account_is_well(AccountId account, TimePoint since) {
    const auto id = id_of({.account = account, .problem = Send::Problem{.code = "reconnect"}});
    const auto known = co_await documents_.get(kNotices, id);
    if (!known && known.error().kind == ErrorKind::not_found) co_return Result<void>{};
    if (!known) co_return std::unexpected(known.error());
    if (notice_from(*known).at < since) CO_TRY(co_await documents_.erase(kNotices, id));
    co_return Result<void>{};
}

Task<void> Notices::forget_old(AccountId account) {
    co_await documents_.erase(kNotices, {.index = "by_account_open",
                                         .equals = {Bytes(account.view()), std::int64_t{0}},
                                         .below = to_millis(clock_.now() - kNoticesKept),
                                         .limit = kNoticesForgottenAtOnce});
}

}  // namespace inboxpro
