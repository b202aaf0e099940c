#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/task.h"

namespace inboxpro {

/// Runs one task to its end on a loop of its own, on the calling thread, and returns what it returns: for commands and
/// tests. An exception of the task comes out here.
template <class T>
T run_to_end(Task<T> task) {
    boost::asio::io_context loop;
    std::optional<T> outcome;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure, T value) {
        if (failure) std::rethrow_exception(failure);
        outcome.emplace(std::move(value));
    });
    loop.run();
    return std::move(*outcome);
}

}  // namespace inboxpro
