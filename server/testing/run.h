#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/task.h"

namespace inboxpro::testing {

/// Runs one task to its end on a loop of its own and returns what it returns.
template <class T>
T run(Task<T> task) {
    boost::asio::io_context loop;
    std::optional<T> outcome;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr failure, T value) {
        if (failure) std::rethrow_exception(failure);
        outcome.emplace(std::move(value));
    });
    loop.run();
    return std::move(*outcome);
}

}  // namespace inboxpro::testing
