#include "http/server/io_threads.h"

namespace inboxpro::http {

IoThreads::IoThreads(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        loops_.push_back(std::make_unique<boost::asio::io_context>(1));
        guards_.emplace_back(loops_.back()->get_executor());
        threads_.emplace_back([loop = loops_.back().get()] { loop->run(); });
    }
}

void IoThreads::stop() {
    guards_.clear();
    for (auto& loop : loops_) loop->stop();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

}  // namespace inboxpro::http
