#pragma once
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>

#include "base/task.h"

namespace inboxpro {

/// Waits for what another thread finishes. `start` is called at once with a function that must be called exactly once,
/// on any thread, and let go of then; the coroutine resumes with its argument on the executor that awaits. That
/// executor's loop must live until then.
template <class T, class Start>
Task<T> finished_elsewhere(Start start) {
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(T)>(
        [start = std::move(start)](auto handler) mutable {
            auto work = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
            auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
            start(std::function<void(T)>([waiting, work](T value) {
                boost::asio::post(work.get_executor(), [waiting, value = std::move(value)]() mutable {
                    std::move (*waiting)(std::move(value));
                });
            }));
        },
        boost::asio::use_awaitable);
}

}  // namespace inboxpro
