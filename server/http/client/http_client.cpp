#include "http/client/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/resume.h"

namespace inboxpro {
namespace {

constexpr int kPollMillis = 1'000;
constexpr long kConnectMillis = 10'000;

using Finish = std::function<void(Result<HttpAnswer>)>;

template <auto kFree>
struct FreedBy {
    void operator()(auto* thing) const { kFree(thing); }
};
using Easy = std::unique_ptr<CURL, FreedBy<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, FreedBy<curl_multi_cleanup>>;
using Headers = std::unique_ptr<curl_slist, FreedBy<curl_slist_free_all>>;

/// One call while it runs; curl keeps its address.
struct Transfer {
    std::uint64_t number = 0;
    HttpCall call;
    Finish finish;
    HttpAnswer answer;
    bool too_long = false;
    Headers headers;
    Easy easy;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) {
    auto& transfer = *static_cast<Transfer*>(context);
    if (transfer.answer.body.size() + size > transfer.call.answer_limit) {
        transfer.too_long = true;
        return 0;
    }
    transfer.answer.body.append(data, size);
    return size;
}

std::string header_of(CURL* easy, const char* name) {
    curl_header* header = nullptr;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : "";
}

void describe(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const bool plain = transfer.call.url.starts_with("http://");
    for (const auto& header : transfer.call.headers)
        transfer.headers.reset(curl_slist_append(transfer.headers.release(), header.c_str()));
    transfer.headers.reset(curl_slist_append(transfer.headers.release(), "Expect:"));
    curl_easy_setopt(easy, CURLOPT_URL, transfer.call.url.c_str());
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, transfer.call.method.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    if (plain) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "InboxPro");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(transfer.call.deadline.count()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    const auto& method = transfer.call.method;
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    // libcurl repeats a request by itself when a kept connection dies before it answers, and a POST may have had its
    // effect by then. It never does so on a new connection.
    if (method == "POST") curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (method == "POST" || method == "PUT" || method == "PATCH") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer.call.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.call.body.size()));
    }
}

Result<HttpAnswer> outcome_of(Transfer& transfer, CURLcode code) {
    if (transfer.too_long) return fail(ErrorKind::unavailable, "the answer was longer than allowed");
    if (code != CURLE_OK) return fail(ErrorKind::unavailable, fmt::format("no answer: {}", curl_easy_strerror(code)));
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    transfer.answer.status = static_cast<int>(status);
    transfer.answer.cache_control = header_of(transfer.easy.get(), "Cache-Control");
    transfer.answer.retry_after = header_of(transfer.easy.get(), "Retry-After");
    transfer.answer.date = header_of(transfer.easy.get(), "Date");
    return std::move(transfer.answer);
}

void start_libcurl() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

}  // namespace

class HttpClient::Loop {
  public:
    Loop() {
        start_libcurl();
        multi_.reset(curl_multi_init());
        if (!multi_) throw std::runtime_error("libcurl does not start");
        curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
        curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, kMostConnections);
        thread_ = std::thread([this] { run(); });
    }

    ~Loop() {
        stopping_ = true;
        curl_multi_wakeup(multi_.get());
        thread_.join();
    }

    std::uint64_t next_number() { return ++last_number_; }

    void add(std::uint64_t number, HttpCall call, Finish finish) {
        auto transfer = std::make_unique<Transfer>();
        transfer->number = number;
        transfer->call = std::move(call);
        transfer->finish = std::move(finish);
        {
            const std::lock_guard lock(mutex_);
            arrived_.push_back(std::move(transfer));
        }
        curl_multi_wakeup(multi_.get());
    }

    /// Nothing happens when the call has ended.
    void drop(std::uint64_t number) {
        {
            const std::lock_guard lock(mutex_);
            dropped_.push_back(number);
        }
        curl_multi_wakeup(multi_.get());
    }

  private:
    using Transfers = std::unordered_map<CURL*, std::unique_ptr<Transfer>>;

    void run() {
        Transfers running;
        while (!stopping_) {
            admit(running);
            give_up_dropped(running);
            int still_running = 0;
            curl_multi_perform(multi_.get(), &still_running);
            complete(running);
            curl_multi_poll(multi_.get(), nullptr, 0, kPollMillis, nullptr);
        }
        for (auto& [easy, transfer] : running) curl_multi_remove_handle(multi_.get(), easy);
        for (auto& [easy, transfer] : running) give_up(*transfer);
        const std::lock_guard lock(mutex_);
        for (auto& transfer : arrived_) give_up(*transfer);
    }

    void admit(Transfers& running) {
        std::deque<std::unique_ptr<Transfer>> arrived;
        {
            const std::lock_guard lock(mutex_);
            arrived.swap(arrived_);
        }
        for (auto& transfer : arrived) {
            transfer->easy.reset(curl_easy_init());
            if (!transfer->easy) {
                give_up(*transfer);
                continue;
            }
            describe(*transfer);
            CURL* easy = transfer->easy.get();
            running.emplace(easy, std::move(transfer));
            curl_multi_add_handle(multi_.get(), easy);
        }
    }

    void give_up_dropped(Transfers& running) {
        std::vector<std::uint64_t> dropped;
        {
            const std::lock_guard lock(mutex_);
            dropped.swap(dropped_);
        }
        for (const auto number : dropped) {
            const auto found =
                std::ranges::find_if(running, [&](const auto& entry) { return entry.second->number == number; });
            if (found == running.end()) continue;
            const auto transfer = std::move(found->second);
            running.erase(found);
            curl_multi_remove_handle(multi_.get(), transfer->easy.get());
            transfer->finish(fail(ErrorKind::unavailable, "the call was given up by its caller"));
        }
    }

    void complete(Transfers& running) {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode code = message->data.result;
            const auto found = running.find(message->easy_handle);
            const auto transfer = std::move(found->second);
            running.erase(found);
            curl_multi_remove_handle(multi_.get(), transfer->easy.get());
            transfer->finish(outcome_of(*transfer, code));
        }
    }

    static void give_up(Transfer& transfer) {
        transfer.finish(fail(ErrorKind::unavailable, "the call was given up because the program stops"));
    }

    Multi multi_;
    std::mutex mutex_;
    std::deque<std::unique_ptr<Transfer>> arrived_;
    std::vector<std::uint64_t> dropped_;
    std::atomic<std::uint64_t> last_number_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

HttpClient::HttpClient() : loop_(std::make_unique<Loop>()) {}
HttpClient::~HttpClient() = default;

Task<Result<HttpAnswer>> HttpClient::call(HttpCall call) {
    const auto number = loop_->next_number();
    return finished_elsewhere<Result<HttpAnswer>>(
        [loop = loop_.get(), number, call = std::move(call)](Finish finish) mutable {
            loop->add(number, std::move(call), std::move(finish));
        },
        [loop = loop_.get(), number] { loop->drop(number); });
}

}  // namespace inboxpro
