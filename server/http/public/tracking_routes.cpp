#include "http/public/tracking_routes.h"

#include <fmt/format.h>

#include <array>

namespace inboxpro::http {
namespace {

/// One transparent pixel, GIF89a.
constexpr std::string_view kPixel(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00"
    "\x00\x02\x02"
    "D\x01\x00;",
    43);

/// Request headers that rules look at; no other is kept.
constexpr std::array<std::string_view, 6> kTelling = {"Sec-Purpose", "Purpose",        "X-Purpose",
                                                      "X-Moz",       "Sec-Fetch-User", "Sec-Fetch-Dest"};
constexpr std::size_t kLongestAgent = 512;
constexpr std::size_t kLongestTelling = 64;

/// Nothing between the reader and us may keep the answer, or learn where it was read.
void forbid_keeping(Fields& headers) {
    headers.add("Cache-Control", "no-store, max-age=0");
    headers.add("Referrer-Policy", "no-referrer");
}

Response pixel() {
    Response response{.body = std::string(kPixel)};
    response.headers.reserve(4);
    response.headers.add("Content-Type", "image/gif");
    forbid_keeping(response.headers);
    response.headers.add("Cross-Origin-Resource-Policy", "cross-origin");
    return response;
}

/// A header holds ASCII only; what a browser would encode is encoded here (RFC 3986 2.5, UTF-8).
std::string in_ascii(std::string_view url) {
    std::string out;
    out.reserve(url.size());
    for (const char character : url) {
        if (character > ' ' && character < 0x7f)
            out.push_back(character);
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(character));
    }
    return out;
}

Response redirect(std::string_view destination) {
    auto response = Response::redirect(302, in_ascii(destination));
    forbid_keeping(response.headers);
    return response;
}

Response no_such_link() {
    auto response = Response::text(404, "This link is not known here.\n");
    forbid_keeping(response.headers);
    return response;
}

Event seen_in(const Request& request) {
    Event event;
    event.method = name_of(request.method);
    event.user_agent = request.headers.get("User-Agent").substr(0, kLongestAgent);
    event.address = request.client_ip;
    for (const auto name : kTelling)
        if (const auto value = request.headers.get(name); !value.empty())
            event.headers.emplace_back(name, value.substr(0, kLongestTelling));
    return event;
}

/// With what is known of its sender at this moment.
Event seen_in(const Request& request, const TrackingToken& token, const OwnTraces& traces) {
    auto event = seen_in(request);
    event.from_sender_address = traces.know(token.account, request.client_ip);
    event.sender_in_gmail = traces.was_in_gmail(token.account);
    return event;
}

Task<Response> pixel_when_recorded(Intake& intake, TrackingToken token, Event seen) {
    co_await intake.record(std::move(token), std::move(seen));
    co_return pixel();
}

Task<Response> redirect_when_recorded(Intake& intake, TrackingToken token, Event seen) {
    const std::string destination = token.destination;
    co_await intake.record(std::move(token), std::move(seen));
    co_return redirect(destination);
}

// Neither keeps the request while it waits: thousands may wait at once.

Task<Response> open(Intake& intake, const OwnTraces& traces, const TokenSealer& sealer, const Request& request) {
    auto token = open_token(sealer, TrackingToken::Kind::open, request.path_values.at(0));
    if (!token) return at_once(pixel());
    auto seen = seen_in(request, *token, traces);
    return pixel_when_recorded(intake, std::move(*token), std::move(seen));
}

Task<Response> click(Intake& intake, const OwnTraces& traces, const TokenSealer& sealer, const Request& request) {
    auto token = open_token(sealer, TrackingToken::Kind::click, request.path_values.at(0));
    if (!token) return at_once(no_such_link());
    auto seen = seen_in(request, *token, traces);
    return redirect_when_recorded(intake, std::move(*token), std::move(seen));
}

}  // namespace

void add_tracking_routes(Router& router, Intake& intake, const OwnTraces& traces, const TokenSealer& sealer) {
    router.add(Method::get, "/o/{token}.gif",
               [&](const Request& request) { return open(intake, traces, sealer, request); });
    router.add(Method::get, "/c/{token}",
               [&](const Request& request) { return click(intake, traces, sealer, request); });
}

}  // namespace inboxpro::http
