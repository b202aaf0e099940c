#include "sandbox/calls.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "sandbox/control/faults.h"

namespace inboxpro::sandbox {
namespace {

Task<void> wait(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

Task<void> break_off(http::BodyStream&) {
    throw std::runtime_error("this answer is cut off on purpose");
    co_return;
}

/// The server closes the connection in the middle of the answer: the client never learns what it said.
http::Response cut_off() {
    http::Response response;
    response.stream = break_off;
    return response;
}

Task<http::Response> misbehave(Hit hit, const Reply& reply, http::Request request, const Clock& clock) {
    using enum Fault::Kind;
    const auto kind = hit.fault.kind;
    http::Response response;
    if (kind == reset_after_effect || kind == delay || hit.fault.after_effect) response = reply(request);
    if (kind != rate_limit && hit.fault.delay.count() > 0) co_await wait(hit.fault.delay);
    if (kind == delay) co_return response;
    if (kind == timeout || kind == reset_after_effect) co_return cut_off();
    co_return failure(hit, clock.now());
}

}  // namespace

std::string Origin::text() const {
    const std::lock_guard lock(mutex_);
    return text_;
}

void Origin::set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
}

void Calls::add(std::string_view name, http::Method method, std::string_view path, Reply reply) {
    router_.add(method, path,
                [this_name = std::string(name), reply = std::move(reply), &faults = faults_,
                 &clock = clock_](http::Request request) -> Task<http::Response> {
                    auto hit = faults.next(this_name);
                    if (!hit) co_return reply(request);
                    co_return co_await misbehave(std::move(*hit), reply, std::move(request), clock);
                });
}

void Calls::add_own(http::Method method, std::string_view path, Reply reply) {
    router_.add(method, path, [reply = std::move(reply)](http::Request request) -> Task<http::Response> {
        co_return reply(request);
    });
}

}  // namespace inboxpro::sandbox
