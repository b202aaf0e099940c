#include "accounts/sessions.h"

#include <algorithm>

namespace inboxpro {
namespace {

constexpr std::size_t kSessionBytes = 32;
constexpr std::size_t kMostSessions = 1'000;
constexpr std::chrono::minutes kSessionActivityStep{1};

Session session_from(const Document& document) {
    return {.id = {document.id},
            .account = document.account,
            .created_at = from_millis(document.body.at("created_at").as_int64()),
            .last_seen_at = from_millis(std::get<std::int64_t>(document.fields.at(0)))};
}

}  // namespace

const Collection kSessions{
    .name = "sessions",
    .fields = {{"last_seen", FieldKind::integer}},
    .indexes = {{.name = "by_account", .fields = {"account"}}, {.name = "by_last_seen", .fields = {"last_seen"}}}};

bool Sessions::is_over(const Session& session) const {
    const auto now = clock_.now();
    return now - session.last_seen_at >= limits_.idle || now - session.created_at >= limits_.absolute;
}

Task<Result<Sessions::Opened>> Sessions::open(AccountId account) {
    const auto now = clock_.now();
    CO_TRY(co_await documents_.erase(kSessions,
                                     {.index = "by_last_seen", .equals = {}, .below = to_millis(now - limits_.idle)}));
    Opened opened{.value = Secret{base64url(random_.bytes(kSessionBytes))}, .session = {}};
    const auto id = CO_TRY(RawId::from_bytes(index_.global("session", opened.value.reveal())));
    opened.session = {.id = {id}, .account = account, .created_at = now, .last_seen_at = now};
    CO_TRY(co_await documents_.insert(
        kSessions,
        {.id = id, .account = account, .fields = {to_millis(now)}, .body = {{"created_at", to_millis(now)}}}));
    co_return opened;
}

Task<Result<Session>> Sessions::find(Secret value) {
    const auto id = CO_TRY(RawId::from_bytes(index_.global("session", value.reveal())));
    auto document = co_await documents_.get(kSessions, id);
    if (!document && document.error().kind == ErrorKind::not_found)
        co_return fail(ErrorKind::denied, "the session has ended");
    if (!document) co_return std::unexpected(std::move(document).error());
    auto session = session_from(*document);
    if (is_over(session)) {
        CO_TRY(co_await documents_.erase(kSessions, id));
        co_return fail(ErrorKind::denied, "the session has ended");
    }
    if (clock_.now() - session.last_seen_at >= kSessionActivityStep) {
        session.last_seen_at = clock_.now();
        co_await note_activity(std::move(*document));
    }
    co_return session;
}

// A conflict means that another request of the same session was faster: then it is noted already.
Task<void> Sessions::note_activity(Document document) {
    document.fields = {to_millis(clock_.now())};
    co_await documents_.replace(kSessions, std::move(document));
}

Task<Result<std::vector<Session>>> Sessions::list(AccountId account) {
    const auto documents = CO_TRY(co_await documents_.find(
        kSessions, {.index = "by_account", .equals = {Bytes(account.view())}, .limit = kMostSessions}));
    std::vector<Session> sessions;
    for (const auto& document : documents)
        if (auto session = session_from(document); !is_over(session)) sessions.push_back(session);
    std::ranges::sort(sessions, std::greater{}, &Session::created_at);
    co_return sessions;
}

Task<Result<void>> Sessions::end(AccountId account, SessionId session) {
    const auto document = CO_TRY(co_await documents_.get(kSessions, session.raw));
    if (document.account != account) co_return fail(ErrorKind::not_found, "there is no such session");
    CO_TRY(co_await documents_.erase(kSessions, session.raw));
    co_return Result<void>{};
}

Task<Result<void>> Sessions::end_all(AccountId account) {
    const Query all{.index = "by_account", .equals = {Bytes(account.view())}, .limit = kMostSessions};
    while (CO_TRY(co_await documents_.erase(kSessions, all)) > 0) {
    }
    co_return Result<void>{};
}

}  // namespace inboxpro
