#include "http/api/idempotency.h"

#include <boost/json.hpp>

namespace inboxpro::http {
namespace {

constexpr std::chrono::hours kKept{24};
constexpr std::size_t kLongestKey = 255;
enum KeyField : std::size_t { kMadeAt };

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
    const auto key = std::string(request.headers.get("Idempotency-Key"));
    if (key.empty()) co_return co_await run(std::move(request));
    if (key.size() > kLongestKey) co_return error_response(400, "invalid", "the Idempotency-Key is too long");

    const auto id = RawId::from_bytes(index_.of(account, "idempotency-key", key));
    const auto fingerprint = fingerprint_of(index_, account, request);
    Document document{
        .id = *id, .account = account, .fields = {to_millis(clock_.now())}, .body = {{"fingerprint", fingerprint}}};
    const auto first = co_await documents_.insert(kIdempotencyKeys, document);
    if (!first && first.error().kind == ErrorKind::conflict) co_return co_await repeated(*id, fingerprint);
    if (!first) co_return error_response(first.error());

    auto response = co_await run(std::move(request));
    document.version = 1;
    co_await keep(std::move(document), response);
    co_return response;
}

Task<Response> Idempotency::repeated(RawId id, std::string fingerprint) {
    const auto kept = co_await documents_.get(kIdempotencyKeys, id);
    if (!kept) co_return error_response(kept.error());
    const auto& body = kept->body;
    if (body.at("fingerprint").as_string() != fingerprint)
        co_return error_response(422, "key_reused", "this Idempotency-Key was used for another request");
    if (!body.contains("status"))
        co_return error_response(409, "in_progress", "the first request with this Idempotency-Key is still running");
    co_return Response::json(static_cast<int>(body.at("status").as_int64()),
                             std::string(body.at("response").as_string()));
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
