#include "http/api/idempotency.h"

#include <boost/json.hpp>

namespace inboxpro::http {
namespace {

constexpr std::chrono::hours kKept{24};
constexpr std::size_t kLongestKey = 255;
struct KeyField {
    enum : std::size_t { made_at };
};

/// Longer than a request may run, and than the traces of one that was cut off are left (Outbox::submit).
constexpr std::chrono::minutes kAbandoned{15};

/// Of the time at which the key was first used and of the key: what is made under it sorts by time as all ids do.
RawId id_of_made(const Document& document) {
    auto id = document.id;
    auto millis = static_cast<std::uint64_t>(std::get<std::int64_t>(document.fields.at(KeyField::made_at)));
    for (std::size_t i = 6; i-- > 0; millis >>= 8) id.bytes.at(i) = static_cast<std::uint8_t>(millis & 0xff);
    return id;
}

std::string fingerprint_of(const BlindIndex& index, AccountId account, const Request& request) {
    return hex(index.of(account, "idempotent-request", request.target + '\n' + request.body));
}

}  // namespace

const Collection kIdempotencyKeys{
    .name = "idempotency_keys",
    .fields = {{"made_at", FieldKind::integer}},
    .indexes = {{.name = "by_age", .fields = {"made_at"}}},
};

Task<Response> Idempotency::once(AccountId account, Request request, Handler run) {
    return once(
        account, std::move(request),
        Making{.make = [run = std::move(run)](Request first, RawId) { return run(std::move(first)); }, .made = {}});
}

Task<Response> Idempotency::once(AccountId account, Request request, Making making) {
    const auto key = std::string(request.headers.get("Idempotency-Key"));
    const auto now = clock_.now();
    if (key.empty()) co_return co_await making.make(std::move(request), RawId::make(now, random_));
    if (key.size() > kLongestKey) co_return error_response(400, "invalid", "the Idempotency-Key is too long");

    Document document{
        .id = RawId::from_bytes(index_.of(account, "idempotency-key", key)).value(),
        .account = account,
        .fields = {to_millis(now)},
        .body = {{"fingerprint", fingerprint_of(index_, account, request)}, {"begun_at", to_millis(now)}}};
    const auto first = co_await documents_.insert(kIdempotencyKeys, document);
    document.version = 1;
    if (first) co_return co_await kept(std::move(document), std::move(request), std::move(making));
    if (first.error().kind != ErrorKind::conflict) co_return error_response(first.error());
    co_return co_await repeated(std::move(document), std::move(request), std::move(making));
}

Task<Response> Idempotency::repeated(Document ours, Request request, Making making) {
    auto first = co_await documents_.get(kIdempotencyKeys, ours.id);
    if (!first) co_return error_response(first.error());
    auto& body = first->body;
    if (body.at("fingerprint") != ours.body.at("fingerprint"))
        co_return error_response(422, "key_reused", "this Idempotency-Key was used for another request");
    if (body.contains("status"))
        co_return Response::json(static_cast<int>(body.at("status").as_int64()),
                                 std::string(body.at("response").as_string()));
    if (making.made) {
        auto made = co_await making.made(id_of_made(*first));
        if (made) co_return std::move(*made);
    }
    const auto in_progress =
        error_response(409, "in_progress", "the first request with this Idempotency-Key is still running");
    const auto begun = body.contains("begun_at") ? from_millis(body.at("begun_at").as_int64()) : TimePoint{};
    if (!making.made || clock_.now() < begun + kAbandoned) co_return in_progress;
    // Its process ended before anything came of it. One of those who ask goes on in its place.
    body["begun_at"] = ours.body.at("begun_at");
    const auto taken_over = co_await documents_.replace(kIdempotencyKeys, *first);
    if (!taken_over) co_return in_progress;
    first->version = *taken_over;
    co_return co_await kept(std::move(*first), std::move(request), std::move(making));
}

Task<Response> Idempotency::kept(Document document, Request request, Making making) {
    auto response = co_await making.make(std::move(request), id_of_made(document));
    co_await keep(std::move(document), response);
    co_return response;
}

Task<void> Idempotency::keep(Document document, Response response) {
    if (response.status >= 500) {
        co_await documents_.erase(kIdempotencyKeys, document.id);
        co_return;
    }
    document.body["status"] = response.status;
    document.body["response"] = response.body;
    co_await documents_.replace(kIdempotencyKeys, std::move(document));
}

Task<Result<std::size_t>> Idempotency::purge() {
    co_return co_await documents_.erase(
        kIdempotencyKeys, {.index = "by_age", .equals = {}, .below = to_millis(clock_.now() - kKept), .limit = 1'000});
}

}  // namespace inboxpro::http
