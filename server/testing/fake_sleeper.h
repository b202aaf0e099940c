#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>

#include "base/resume.h"
#include "base/sleeper.h"
#include "testing/fakes.h"

namespace inboxpro::testing {

/// Waiting without time passing: while everybody sleeps, the clock jumps to when the first one wakes. For one thread.
class FakeSleeper final : public Sleeper {
  public:
    explicit FakeSleeper(FakeClock& clock) : clock_(clock) {}

    Task<void> sleep(std::chrono::milliseconds time) override {
        const auto place = std::pair{clock_.steady() + time, ++last_};
        co_await finished_elsewhere<bool>([this, place](Wake wake) { sleeping_.emplace(place, std::move(wake)); },
                                          [this, place] { this->wake(place); });
    }

    /// Runs all that was spawned on the loop to its end.
    void run(boost::asio::io_context& loop) {
        for (;;) {
            loop.restart();
            loop.poll();
            if (sleeping_.empty()) return;
            const auto first = sleeping_.begin()->first;
            if (first.first > clock_.steady())
                clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(first.first - clock_.steady()));
            wake(first);
        }
    }
    template <class T>
    T run(Task<T> task) {
        boost::asio::io_context loop;
        std::optional<T> outcome;
        boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure, T value) {
            if (failure) std::rethrow_exception(failure);
            outcome.emplace(std::move(value));
        });
        run(loop);
        return std::move(*outcome);
    }
    std::size_t sleeping() const { return sleeping_.size(); }

  private:
    using Place = std::pair<SteadyPoint, std::uint64_t>;
    using Wake = std::function<void(bool)>;

    void wake(Place place) {
        auto found = sleeping_.extract(place);
        if (found) found.mapped()(true);
    }

    FakeClock& clock_;
    std::uint64_t last_ = 0;
    std::map<Place, Wake> sleeping_;
};

}  // namespace inboxpro::testing
