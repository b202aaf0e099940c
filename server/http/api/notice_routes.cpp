#include "http/api/notice_routes.h"

#include <boost/json.hpp>

#include "http/api/json_input.h"

namespace inboxpro::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 100;
/// What one request dismisses at most: more of them are not shown at once either.
constexpr int kMostPages = 100;

}  // namespace

json::object notice_json(const Notice& notice) {
    json::object out{{"id", notice.id.text()},
                     {"at", to_rfc3339(notice.at)},
                     {"code", notice.problem.code},
                     {"message", notice.problem.message},
                     {"what_to_do", notice.problem.what_to_do}};
    if (notice.message) out["message_id"] = notice.message->text();
    return out;
}

void NoticeRoutes::add_to(Router& router, Gate& gate) {
    const std::string_view path = "/api/v1/notices";
    router.add(Method::get, path, gate.guard("messages:read", guarded(this, &NoticeRoutes::list)));
    router.add(Method::del, path, gate.guard("messages:write", guarded(this, &NoticeRoutes::dismiss_all)));
    router.add(Method::del, "/api/v1/notices/{id}",
               gate.guard("messages:write", guarded(this, &NoticeRoutes::dismiss)));
}

Answer NoticeRoutes::list(Request request, Caller caller) {
    const auto page = CO_TRY(page_of(request));
    std::optional<RawId> after;
    if (!page.after.empty()) {
        const auto id = RawId::parse(page.after);
        if (!id) co_return fail_field("after", "after must be an id from an earlier list");
        after = *id;
    }
    auto notices = CO_TRY(co_await outbox_.notices(caller.account, page.limit + 1, after));
    const bool more = notices.size() > page.limit;
    if (more) notices.pop_back();
    json::array items;
    for (const auto& notice : notices) items.push_back(notice_json(notice));
    json::object out{{"items", std::move(items)}};
    if (more) out["next"] = notices.back().id.text();
    co_return json_response(200, out);
}

Answer NoticeRoutes::dismiss(Request request, Caller caller) {
    const auto id = RawId::parse(request.path_values.at(0));
    if (!id) co_return fail(ErrorKind::not_found, "There is no such notice.");
    CO_TRY(co_await outbox_.dismiss(caller.account, *id));
    co_return Response{.status = 204};
}

Answer NoticeRoutes::dismiss_all(Request request, Caller caller) {
    const auto code = request.query_value("code");
    std::optional<RawId> after;
    for (int page = 0; page < kMostPages; ++page) {
        const auto notices = CO_TRY(co_await outbox_.notices(caller.account, kPage, after));
        for (const auto& notice : notices)
            if (!code || notice.problem.code == *code) CO_TRY(co_await outbox_.dismiss(caller.account, notice.id));
        if (notices.size() < kPage) break;
        after = notices.back().id;
    }
    co_return Response{.status = 204};
}

}  // namespace inboxpro::http
