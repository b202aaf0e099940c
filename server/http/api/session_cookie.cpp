#include "http/api/session_cookie.h"

namespace inboxpro::http {

void give_session(Response& response, const Secret& value) {
    response.headers.add("Set-Cookie",
                         fmt::format("{}={}; Path=/; Secure; HttpOnly; SameSite=Lax", kSessionCookie, value.reveal()));
}

void take_session(Response& response) {
    response.headers.add("Set-Cookie",
                         fmt::format("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", kSessionCookie));
    response.headers.set("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
}

}  // namespace inboxpro::http
