#pragma once
#include <boost/asio/awaitable.hpp>

namespace inboxpro {

/// A use case that waits. Runs on the executor that awaits it; a door that works on another thread comes back to that
/// executor before it resumes. A coroutine takes by value what it keeps across a suspension.
template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace inboxpro
