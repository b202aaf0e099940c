#include "worker/work_loop.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace inboxpro {
namespace {

constexpr std::chrono::milliseconds kRest{1'000};
/// What is due and not taken on, because enough is under way, is not asked for all the time.
constexpr std::chrono::milliseconds kShortestRest{20};
constexpr std::size_t kMostUnderWay = 32;

}  // namespace

WorkLoop::WorkLoop(boost::asio::io_context& loop, Find find, OnFailure on_failure, Until until)
    : loop_(loop), find_(std::move(find)), until_(std::move(until)), on_failure_(std::move(on_failure)), wake_(loop) {}

void WorkLoop::start() {
    boost::asio::co_spawn(loop_, run(), [this](std::exception_ptr) { ended_.set_value(); });
}

void WorkLoop::notify() {
    boost::asio::post(loop_, [this] {
        asked_ = true;
        wake_.cancel();
    });
}

void WorkLoop::stop(std::chrono::milliseconds grace) {
    boost::asio::post(loop_, [this] {
        stopping_ = true;
        wake_.cancel();
    });
    ended_.get_future().wait_for(grace);
}

Task<void> WorkLoop::run() {
    while (!stopping_ || !under_way_.empty()) {
        asked_ = false;
        if (!stopping_) co_await take_on_what_is_due();
        if (asked_ || (stopping_ && under_way_.empty())) continue;
        wake_.expires_after(co_await rest());
        if (asked_) continue;
        co_await wake_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

Task<std::chrono::milliseconds> WorkLoop::rest() {
    const auto until = until_ && !stopping_ ? co_await until_() : std::nullopt;
    co_return std::clamp(until.value_or(kRest), kShortestRest, kRest);
}

Task<void> WorkLoop::take_on_what_is_due() {
    if (under_way_.size() >= kMostUnderWay) co_return;
    // More than can be taken on, because some of what is due may be under way already.
    auto due = co_await find_(2 * kMostUnderWay);
    if (!due) {
        on_failure_(RawId{}, due.error());
        co_return;
    }
    for (auto& piece : *due) {
        if (under_way_.size() >= kMostUnderWay) break;
        if (!under_way_.insert(piece.id).second) continue;
        boost::asio::co_spawn(loop_, advance(std::move(piece)), boost::asio::detached);
    }
}

Task<void> WorkLoop::advance(Piece piece) {
    Result<void> outcome;
    try {
        outcome = co_await piece.step();
    } catch (const std::exception&) {  // A bug in one step must not end all others.
        outcome = fail(ErrorKind::unavailable, "stopped by an exception");
    }
    under_way_.erase(piece.id);
    const bool overtaken = !outcome && outcome.error().kind == ErrorKind::conflict;
    if (!outcome && !overtaken) on_failure_(piece.id, outcome.error());
    // The next step of this record, or the next record, may be due at once.
    if (outcome || stopping_) {
        asked_ = true;
        wake_.cancel();
    }
}

}  // namespace inboxpro
