#include "sandbox/delivery/notices.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "http/client/http_client.h"

namespace inboxpro::sandbox {

class Notices::Sender {
  public:
    ~Sender() {
        loop_.stop();
        if (thread_.joinable()) thread_.join();
        client_.reset();
    }

    void post(Notice notice) {
        if (++waiting_ > kMostWaiting) {
            --waiting_;
            ++dropped_;
            return;
        }
        std::call_once(started_, [this] { start(); });
        boost::asio::post(loop_, [this, notice = std::move(notice)]() mutable { take(std::move(notice)); });
    }

    NoticeFigures figures() const {
        return {.waiting = waiting_, .attempts = attempts_, .finished = finished_, .dropped = dropped_};
    }

  private:
    void start() {
        client_.emplace();
        thread_ = std::thread([this] { loop_.run(); });
    }

    // From here on in the sending thread.

    void take(Notice notice) {
        if (notice.line.empty()) {
            boost::asio::co_spawn(loop_, deliver(std::move(notice)), boost::asio::detached);
            return;
        }
        const auto [line, first] = lines_.try_emplace(notice.line);
        line->second.push_back(std::move(notice));
        if (first) boost::asio::co_spawn(loop_, deliver_line(line->first), boost::asio::detached);
    }

    Task<void> deliver_line(std::string name) {
        for (auto line = lines_.find(name); !line->second.empty(); line = lines_.find(name)) {
            auto next = std::move(line->second.front());
            line->second.pop_front();
            co_await deliver(std::move(next));
        }
        lines_.erase(name);
    }

    Task<void> deliver(Notice notice) {
        auto pause = kFirstPause;
        for (int attempt = 1;; ++attempt) {
            ++attempts_;
            const auto answer = co_await client_->call({.method = "POST",
                                                        .url = notice.url,
                                                        .headers = notice.headers(),
                                                        .body = notice.body,
                                                        .deadline = kDeadline});
            const bool finished = answer && notice.is_final(answer->status);
            if (finished || attempt == notice.attempts) {
                ++(finished ? finished_ : dropped_);
                --waiting_;
                co_return;
            }
            boost::asio::steady_timer timer(loop_, pause);
            co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            pause = std::min(2 * pause, kLongestPause);
        }
    }

    std::atomic<std::uint64_t> waiting_ = 0, attempts_ = 0, finished_ = 0, dropped_ = 0;
    std::unordered_map<std::string, std::deque<Notice>> lines_;  ///< A line that is here is being delivered.
    std::once_flag started_;
    boost::asio::io_context loop_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_{loop_.get_executor()};
    std::optional<HttpClient> client_;
    std::thread thread_;
};

Notices::Notices() : sender_(std::make_unique<Sender>()) {}
Notices::~Notices() = default;

void Notices::post(Notice notice) {
    sender_->post(std::move(notice));
}

NoticeFigures Notices::figures() const {
    return sender_->figures();
}

}  // namespace inboxpro::sandbox
