#include "tracking/intake/run_all.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace inboxpro {

namespace asio = boost::asio;

Task<void> run_all(std::vector<Task<void>> tasks) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer all_ended(executor, asio::steady_timer::time_point::max());
    std::size_t running = tasks.size();
    std::exception_ptr failure;
    for (auto& task : tasks) {
        asio::co_spawn(executor, std::move(task), [&](std::exception_ptr thrown) {
            if (thrown && !failure) failure = thrown;
            if (--running == 0) all_ended.cancel();
        });
    }
    while (running > 0) co_await all_ended.async_wait(asio::as_tuple(asio::use_awaitable));
    if (failure) std::rethrow_exception(failure);
}

}  // namespace inboxpro
