#include "worker/worker.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro {
namespace {

constexpr std::chrono::seconds kRest{1};
constexpr std::size_t kMostUnderWay = 32;

}  // namespace

Worker::Worker(Outbox& outbox, boost::asio::io_context& loop, OnFailure on_failure)
    : outbox_(outbox), loop_(loop), on_failure_(std::move(on_failure)), wake_(loop) {}

void Worker::start() {
    boost::asio::co_spawn(loop_, run(), [this](std::exception_ptr) { ended_.set_value(); });
}

void Worker::notify() {
    boost::asio::post(loop_, [this] {
        asked_ = true;
        wake_.cancel();
    });
}

void Worker::stop(std::chrono::milliseconds grace) {
    boost::asio::post(loop_, [this] {
        stopping_ = true;
        wake_.cancel();
    });
    ended_.get_future().wait_for(grace);
}

Task<void> Worker::run() {
    while (!stopping_ || !idle()) {
        asked_ = false;
        if (!stopping_) co_await take_on_what_is_due();
        if (asked_ || (stopping_ && idle())) continue;
        wake_.expires_after(kRest);
        co_await wake_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

Task<void> Worker::take_on_what_is_due() {
    // More than can be taken on, because some of what is due may be under way already.
    auto due = co_await outbox_.due(2 * kMostUnderWay);
    if (!due) {
        on_failure_(MessageId{}, due.error());
        co_return;
    }
    for (auto& send : *due) {
        if (under_way_.size() >= kMostUnderWay) break;
        if (!under_way_.insert(send.id).second) continue;
        boost::asio::co_spawn(loop_, advance(std::move(send)), boost::asio::detached);
    }
}

Task<void> Worker::advance(Send send) {
    const auto id = send.id;
    Result<Send> outcome;
    try {
        outcome = co_await outbox_.advance(std::move(send));
    } catch (const std::exception&) {  // A bug in one step must not end all others.
        outcome = fail(ErrorKind::unavailable, "stopped by an exception");
    }
    under_way_.erase(id);
    const bool overtaken = !outcome && outcome.error().kind == ErrorKind::conflict;
    if (!outcome && !overtaken) on_failure_(id, outcome.error());
    // The next step of this send, or the next send, may be due at once.
    if (outcome || stopping_) {
        asked_ = true;
        wake_.cancel();
    }
}

}  // namespace inboxpro
