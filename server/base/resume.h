#pragma once
#include <boost/asio/associated_cancellation_slot.hpp>
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
/// executor's loop must live until then. When the coroutine is cancelled, `give_up` is called on that executor: it
/// should see to it that the function is called soon, unless it was already.
template <class T, class Start, class GiveUp>
Task<T> finished_elsewhere(Start start, GiveUp give_up) {
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(T)>(
        [start = std::move(start), give_up = std::move(give_up)](auto handler) mutable {
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.assign([give_up](boost::asio::cancellation_type) mutable { give_up(); });
            auto work = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
            auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
            start(std::function<void(T)>([waiting, work, slot](T value) {
                boost::asio::post(work.get_executor(), [waiting, slot, value = std::move(value)]() mutable {
                    if (slot.is_connected()) slot.clear();
                    std::move (*waiting)(std::move(value));
                });
            }));
        },
        boost::asio::use_awaitable);
}

/// The same for what cannot be given up.
template <class T, class Start>
Task<T> finished_elsewhere(Start start) {
    return finished_elsewhere<T>(std::move(start), [] {});
}

}  // namespace inboxpro
