#include "http/api/cookies.h"

namespace inboxpro::http {
namespace {

constexpr std::string_view kAttributes = "Path=/; Secure; HttpOnly; SameSite=Lax";

}  // namespace

void give_cookie(Response& response, std::string_view name, const Secret& value) {
    response.headers.add("Set-Cookie", fmt::format("{}={}; {}", name, value.reveal(), kAttributes));
}

void take_cookie(Response& response, std::string_view name) {
    response.headers.add("Set-Cookie", fmt::format("{}=; {}; Max-Age=0", name, kAttributes));
}

void clear_site(Response& response) {
    take_cookie(response, kSessionCookie);
    response.headers.set("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
}

}  // namespace inboxpro::http
