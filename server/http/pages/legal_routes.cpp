#include "http/pages/legal_routes.h"

#include "accounts/notice.h"
#include "http/pages/page.h"

namespace inboxpro::http {

void add_legal_routes(Router& router, std::string app_origin) {
    const auto add = [&](std::string_view path, std::string_view name, std::string_view title) {
        const boost::json::object values{{"title", title}, {"notice_version", kNoticeVersion}, {"origin", app_origin}};
        router.add(Method::get, path,
                   [answer = page(200, name, values)](Request) -> Task<Response> { co_return answer; });
    };
    add("/terms", "terms", "Terms of use");
    add("/privacy-policy", "privacy_policy", "Privacy policy");
}

}  // namespace inboxpro::http
