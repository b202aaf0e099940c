#include "sandbox/api/api.h"

#include <charconv>

#include "sandbox/json.h"
#include "sandbox/oauth/routes.h"

namespace inboxpro::sandbox {
namespace {

/// Empty for a token that may call the method. Takes no units.
std::optional<GoogleError> refusal_for(const std::optional<oauth::Access>& access, const ApiMethod& method) {
    if (!access) return refusal::invalid_credentials().error();
    if (std::ranges::none_of(access->scopes, [&](const auto& scope) { return opens(scope, method); }))
        return refusal::insufficient_scope(method.id).error();
    return {};
}

Answer check_and_serve(const http::Request& request, const Circumstances& circumstances, const Gatekeeper& gatekeeper,
                       const ApiMethod& method, const Serve& serve) {
    const auto access = gatekeeper.grants.access(oauth::bearer_of(request));
    if (auto refused = refusal_for(access, method)) return std::unexpected(std::move(*refused));
    if (const auto again = gatekeeper.quota.take(access->user->address, method.units))
        return error_style_of(method.id) == ErrorStyle::classic
                   ? refusal::rate_limited(403, "rateLimitExceeded")
                   : refusal::rate_limited(429, "rateLimitExceeded", *again);
    return serve({request, *access->user, *access, circumstances.lag});
}

/// A resumable upload is checked with every request, and served and paid for when its last byte is here.
http::Response take_upload(const http::Request& request, const Circumstances& circumstances,
                           const Gatekeeper& gatekeeper, const ApiMethod& method, const Serve& serve) {
    if (!Uploads::is_resumable(request))
        return to_response(check_and_serve(request, circumstances, gatekeeper, method, serve));
    const auto access = gatekeeper.grants.access(oauth::bearer_of(request));
    if (const auto refused = refusal_for(access, method)) return to_response(*refused);
    auto progress = gatekeeper.uploads.take(request, method.id);
    if (auto* answer = std::get_if<http::Response>(&progress)) return std::move(*answer);
    return to_response(check_and_serve(std::get<http::Request>(progress), circumstances, gatekeeper, method, serve));
}

/// Resources of the older APIs also name their version in a header, and are not sent again to who has it (RFC 9110
/// 13.1.2).
http::Response with_etag(http::Response response, const std::string& etag, const http::Request& request) {
    if (request.method == http::Method::get && request.headers.get("If-None-Match") == etag)
        response = http::Response{.status = 304, .headers = {}, .body = {}};
    response.headers.set("ETag", etag);
    return response;
}

http::Response respond(const http::Request& request, Answer answer, ErrorStyle style) {
    std::string etag;
    if (style == ErrorStyle::classic && answer && answer->is_object()) etag = text_in(answer->get_object(), "etag");
    auto response = to_response(std::move(answer), style);
    return etag.empty() ? response : with_etag(std::move(response), etag, request);
}

}  // namespace

std::string Call::query(std::string_view name) const {
    return std::string(request.query_value(name).value_or(""));
}

std::vector<std::string> Call::queries(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : request.query)
        if (key == name) values.push_back(value);
    return values;
}

void Api::add(std::string_view id, Serve serve) {
    const auto& method = method_named(methods_, id);
    if (method.takes_uploads) add_uploads(method, serve);
    gatekeeper_.calls.add(
        id, method.verb, method.path,
        [gatekeeper = gatekeeper_, &method, serve = std::move(serve)](const http::Request& request,
                                                                      const Circumstances& circumstances) {
            return respond(request, check_and_serve(request, circumstances, gatekeeper, method, serve),
                           error_style_of(method.id));
        },
        method.units);
}

void Api::add_uploads(const ApiMethod& method, const Serve& serve) {
    const auto path = fmt::format("/upload{}", method.path);
    const auto reply = [gatekeeper = gatekeeper_, &method, serve](const http::Request& request,
                                                                  const Circumstances& circumstances) {
        return take_upload(request, circumstances, gatekeeper, method, serve);
    };
    gatekeeper_.calls.add(method.id, method.verb, path, reply, method.units);
    // The pieces of a resumable upload are PUT whatever the method's verb is.
    if (method.verb != http::Method::put) gatekeeper_.calls.add(method.id, http::Method::put, path, reply, 0);
}

std::optional<std::uint64_t> to_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* const last = text.end();
    const auto [end, failure] = std::from_chars(text.begin(), last, number);
    if (failure != std::errc{} || end != last) return {};
    return number;
}

std::expected<std::size_t, GoogleError> page_size(const Call& call, std::string_view name, std::size_t standard,
                                                  std::size_t most) {
    const auto text = call.query(name);
    if (text.empty()) return standard;
    const auto number = to_number(text);
    if (!number)
        return refusal::invalid_argument(fmt::format("Invalid value at '{}' (TYPE_UINT32), \"{}\"", name, text));
    return *number == 0 ? standard : std::min<std::size_t>(*number, most);
}

std::expected<std::uint64_t, GoogleError> page_start(const Call& call) {
    const auto text = call.query("pageToken");
    if (text.empty()) return 0;
    const auto number = to_number(text);
    if (!number) return refusal::invalid_argument("Invalid pageToken");
    return *number;
}

}  // namespace inboxpro::sandbox
