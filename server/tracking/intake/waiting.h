#pragma once
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>

#include "tracking/event.h"
#include "tracking/intake/journal.h"

namespace inboxpro {

/// An event on its way to the store, and the request that waits for it. Shared by the request, on its I/O thread, and
/// the recorder.
struct Waiting {
    enum class Request : std::uint8_t { waits, is_answered, has_left };

    Event event;
    std::chrono::steady_clock::time_point arrived;
    boost::asio::any_io_executor executor = {};
    /// Who moves it away from `waits` decides: the recorder resumes the request, or the request goes on by itself.
    std::atomic<Request> request = Request::has_left;

    // On the request's thread only.
    boost::asio::steady_timer* timer = nullptr;
    bool resumed = false;

    // Whoever notices first that the store is late writes it to the journal.
    std::mutex journaling;
    std::optional<std::uint64_t> ticket = {};  ///< Set once it is in the journal.
    bool stored = false;
    bool admitted = false;  ///< Its token's limit let it in. Recorder writes, under `journaling`.

    enum class Journaled : std::uint8_t { now, before, refused };
    /// Puts it into the journal unless it is there, or stored.
    Journaled journal_once(Journal& journal) {
        const std::scoped_lock lock{journaling};
        if (ticket || stored) return Journaled::before;
        ticket = journal.append({.event = event, .admitted = admitted});
        return ticket ? Journaled::now : Journaled::refused;
    }
    /// It is stored: the journal need not keep it.
    void settle(Journal& journal) {
        const std::scoped_lock lock{journaling};
        stored = true;
        if (ticket) journal.settle(*ticket);
    }
    bool is_journaled() {
        const std::scoped_lock lock{journaling};
        return ticket.has_value();
    }
    bool leave() {
        auto expected = Request::waits;
        return request.compare_exchange_strong(expected, Request::has_left);
    }
};
using WaitingPtr = std::shared_ptr<Waiting>;

/// Where one I/O thread leaves what arrives. The recorder takes all of it at once, so the lock is nearly always free.
class Lane {
  public:
    static constexpr std::size_t kLongest = 65'536;

    /// False when the lane is full.
    bool push(WaitingPtr waiting) {
        const std::scoped_lock lock{mutex_};
        if (arrived_.size() >= kLongest) return false;
        arrived_.push_back(std::move(waiting));
        return true;
    }
    void take(std::vector<WaitingPtr>& out) {
        const std::scoped_lock lock{mutex_};
        std::ranges::move(arrived_, std::back_inserter(out));
        arrived_.clear();
    }
    bool empty() const {
        const std::scoped_lock lock{mutex_};
        return arrived_.empty();
    }

  private:
    mutable std::mutex mutex_;
    std::vector<WaitingPtr> arrived_;
};

}  // namespace inboxpro
