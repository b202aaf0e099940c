#include "sandbox/batch/routes.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sandbox/batch/inner_call.h"
#include "sandbox/batch/multipart.h"
#include "sandbox/google_error.h"
#include "sandbox/users.h"

namespace inboxpro::sandbox {
namespace {

constexpr std::size_t kMostCalls = 100;

struct ApiPrefix {
    std::string_view batch;   ///< Where its batches go.
    std::string_view prefix;  ///< Of the paths of its calls.
};
constexpr std::array<ApiPrefix, 3> kApis = {
    {{"/batch/gmail/v1", "/gmail/v1/"}, {"/batch/calendar/v3", "/calendar/v3/"}, {"/batch/people/v1", "/v1/"}}};

/// The API that a batch is for: by its path, at /batch by its first call. Empty when that is none.
std::string_view prefix_for(std::string_view batch_path, std::string_view first_call) {
    for (const auto& api : kApis)
        if (api.batch == batch_path || (batch_path == "/batch" && first_call.starts_with(api.prefix)))
            return api.prefix;
    return {};
}

using InnerCall = std::expected<http::Request, GoogleError>;

struct Batch {
    std::vector<std::string> content_ids;
    std::vector<InnerCall> calls;
};

std::expected<Batch, GoogleError> read(const http::Request& request) {
    const auto parts = read_batch(request.headers.get("Content-Type"), request.body);
    if (!parts || parts->empty()) return refusal::bad_request("Failed to parse batch request");
    if (parts->size() > kMostCalls)
        return refusal::bad_request(
            fmt::format("The batch request could not be processed: more than {} calls.", kMostCalls));
    Batch batch;
    std::string_view prefix;
    for (const auto& part : *parts) {
        auto call = read_inner_call(part.content, request);
        if (prefix.empty() && call) prefix = prefix_for(request.path, call->path);
        if (call && (prefix.empty() || !call->path.starts_with(prefix)))
            call = std::unexpected(refusal::not_found().error());
        batch.content_ids.push_back(part.content_id);
        batch.calls.push_back(std::move(call));
    }
    return batch;
}

/// Each call has its place among the user's until the last one is done, as calls that run at once do.
class Places {
  public:
    explicit Places(const CallGates& gates) : gates_(gates) {}
    InnerCall admit(InnerCall call) {
        const auto* user = call ? gates_.who(*call) : nullptr;
        if (user == nullptr) return call;
        auto place = gates_.crowd.enter(user->address);
        if (!place) return std::unexpected(refusal::too_many_at_once().error());
        places_.push_back(std::move(*place));
        return call;
    }

  private:
    const CallGates& gates_;
    std::vector<Crowd::Place> places_;
};

Task<http::Response> answer(const http::Router& inner, InnerCall call) {
    if (!call) co_return to_response(call.error());
    co_return co_await inner.answer(std::move(*call));
}

Task<std::vector<http::Response>> answer_together(const http::Router& inner, std::vector<InnerCall> calls) {
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer last_done(executor, boost::asio::steady_timer::time_point::max());
    std::vector<http::Response> answers(calls.size());
    auto open = calls.size();
    for (std::size_t i = 0; i < calls.size(); ++i)
        boost::asio::co_spawn(executor, answer(inner, std::move(calls[i])),
                              [&, i](std::exception_ptr failure, http::Response response) {
                                  if (failure) std::rethrow_exception(failure);
                                  answers[i] = std::move(response);
                                  if (--open == 0) last_done.cancel();
                              });
    while (open > 0) co_await last_done.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return answers;
}

/// "<item1>" comes back as "<response-item1>".
std::string response_id(const std::string& content_id) {
    if (content_id.empty()) return {};
    return content_id.starts_with('<') ? "<response-" + content_id.substr(1) : "response-" + content_id;
}

http::Response compose(const std::vector<std::string>& content_ids, std::vector<http::Response> answers,
                       const std::string& boundary) {
    std::vector<BatchPart> parts;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (answers[i].stream) return std::move(answers[i]);
        parts.push_back({.content_id = response_id(content_ids[i]), .content = inner_answer(answers[i])});
    }
    http::Response response{.status = 200, .headers = {}, .body = compose_batch(parts, boundary)};
    response.headers.add("Content-Type", "multipart/mixed; boundary=" + boundary);
    return response;
}

Task<http::Response> serve(http::Request request, const http::Router& inner, const CallGates& gates, Random& random) {
    auto batch = read(request);
    if (!batch) co_return to_response(batch.error());
    Places places(gates);
    std::vector<InnerCall> calls;
    for (auto& call : batch->calls) calls.push_back(places.admit(std::move(call)));
    auto answers = co_await answer_together(inner, std::move(calls));
    co_return compose(batch->content_ids, std::move(answers), "batch_" + base64url(random.bytes(24)));
}

}  // namespace

void add_batch_routes(Calls& calls, const http::Router& inner, const CallGates& gates, Random& random) {
    const http::Handler handler = [&](http::Request request) {
        return serve(std::move(request), inner, gates, random);
    };
    calls.add_own(http::Method::post, "/batch", handler);
    for (const auto& api : kApis) calls.add_own(http::Method::post, api.batch, handler);
}

}  // namespace inboxpro::sandbox
