#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <limits>
#include <thread>

#include "store/key_ring.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/fakes.h"
#include "testing/run.h"
#include "tracking/fold.h"
#include "tracking/intake.h"
#include "tracking/mentions.h"
#include "tracking/messages.h"
#include "tracking/own_traces.h"
#include "tracking/recount.h"
#include "tracking/tally.h"
#include "tracking/tally_record.h"

namespace inboxpro::testing {

/// A directory of its own that goes with it.
class ScratchDirectory {
  public:
    ScratchDirectory() {
        auto pattern = (std::filesystem::temp_directory_path() / "inboxpro-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch directory");
        path = pattern;
    }
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    std::filesystem::path path;
};

inline std::vector<const Collection*> tracking_collections() {
    return {&kAccountKeys, &kMessages, &kEvents, &kTallies, &kFoldCursors, &kMentions, &kObjections, &kOwnTraces};
}

/// A store that fails when it is told to, before or after the work is done, or does nothing for a while.
class FaultyStore final : public Store {
  public:
    enum class Fault : std::uint8_t { none, refuse, fail_after };
    explicit FaultyStore(Store& below) : below_(below) {}

    /// Asked before every call, with its number from 1.
    void set_plan(std::function<Fault(int)> plan) {
        const std::scoped_lock lock{mutex_};
        plan_ = std::move(plan);
        calls_ = 0;
    }
    int calls() const {
        const std::scoped_lock lock{mutex_};
        return calls_;
    }

    std::atomic<bool> stands_still = false;       ///< In insert_many().
    std::atomic<bool> reads_stand_still = false;  ///< In get().
    std::atomic<std::size_t> inserted = 0;        ///< Events given to insert_many().

    Task<Result<void>> insert(const Collection& c, Record r) override {
        co_return co_await guarded<Result<void>>([&] { return below_.insert(c, std::move(r)); });
    }
    Task<Result<std::vector<bool>>> insert_many(const Collection& c, std::vector<Record> r) override {
        if (c.name == kEvents.name) inserted += r.size();
        co_await stand_while(stands_still);
        co_return co_await guarded<Result<std::vector<bool>>>([&] { return below_.insert_many(c, std::move(r)); });
    }
    Task<Result<Record>> get(const Collection& c, RawId id) override {
        co_await stand_while(reads_stand_still);
        co_return co_await guarded<Result<Record>>([&] { return below_.get(c, id); });
    }
    Task<Result<std::vector<Record>>> find(const Collection& c, Query q) override {
        co_return co_await guarded<Result<std::vector<Record>>>([&] { return below_.find(c, std::move(q)); });
    }
    Task<Result<std::uint64_t>> replace(const Collection& c, Record r) override {
        co_return co_await guarded<Result<std::uint64_t>>([&] { return below_.replace(c, std::move(r)); });
    }
    Task<Result<std::vector<std::uint64_t>>> replace_many(const Collection& c, std::vector<Record> r) override {
        co_return co_await guarded<Result<std::vector<std::uint64_t>>>(
            [&] { return below_.replace_many(c, std::move(r)); });
    }
    Task<Result<Counters>> add(const Collection& c, RawId id, AccountId account, Counters counters) override {
        co_return co_await guarded<Result<Counters>>([&] { return below_.add(c, id, account, std::move(counters)); });
    }
    Task<Result<std::size_t>> erase(const Collection& c, Query q) override {
        co_return co_await guarded<Result<std::size_t>>([&] { return below_.erase(c, std::move(q)); });
    }
    Task<Result<bool>> erase(const Collection& c, RawId id) override {
        co_return co_await guarded<Result<bool>>([&] { return below_.erase(c, id); });
    }
    Task<Result<void>> check() override { co_return co_await below_.check(); }

  private:
    static Task<void> stand_while(const std::atomic<bool>& told) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (told) {
            timer.expires_after(std::chrono::milliseconds{1});
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    }
    template <class T, class Call>
    Task<T> guarded(Call call) {
        const auto fault = next();
        if (fault == Fault::refuse) co_return broken();
        auto outcome = co_await call();
        if (fault == Fault::fail_after) co_return broken();
        co_return outcome;
    }
    static std::unexpected<Error> broken() { return fail(ErrorKind::unavailable, "the test broke the store"); }
    Fault next() {
        const std::scoped_lock lock{mutex_};
        return plan_ ? plan_(++calls_) : Fault::none;
    }

    Store& below_;
    mutable std::mutex mutex_;
    std::function<Fault(int)> plan_;
    int calls_ = 0;
};

/// A store with one account and as many sent messages as asked for, and what the intake needs beside it.
struct TrackingWorld {
    explicit TrackingWorld(std::unique_ptr<Store> under = make_memory_store(tracking_collections()))
        : store(std::move(under)) {
        EXPECT_TRUE(run(ring.create(AccountId{})).has_value());
        EXPECT_TRUE(run(ring.create(account)).has_value());
    }

    FakeClock clock;
    SystemRandom random;
    KeyFile keys = KeyFile::in_memory(random);
    std::unique_ptr<Store> store;
    FaultyStore faulty{*store};
    KeyRing ring{faulty, keys.keys(KeyPurpose::master), random};
    Documents documents{faulty, ring, random};
    BlindIndex index{keys.keys(KeyPurpose::index)};
    Objections objections{documents, index, clock};
    Messages messages{documents};
    Events events{documents};
    Tallies tallies{documents};
    ScratchDirectory scratch;
    AccountId account = AccountId::make(clock.now(), random);

    MessageId send(int links = 3, std::chrono::seconds ago = std::chrono::seconds{900}) {
        Message message;
        message.id = MessageId::make(clock.now(), random);
        message.account = account;
        message.created_at = clock.now() - ago;
        message.recipients = {{.address = "reader@example.org"}};
        message.links = links;
        EXPECT_TRUE(run(messages.add(message)).has_value());
        EXPECT_TRUE(run(messages.mark_sent(account, message.id, "g1", "t1", clock.now() - ago)).has_value());
        return message.id;
    }

    TrackingToken pixel_of(MessageId message) const {
        return {.kind = TrackingToken::Kind::open,
                .account = account,
                .message = message,
                .recipient = 0,
                .destination = {}};
    }
    TrackingToken link_of(MessageId message, std::uint16_t link) const {
        return {.kind = TrackingToken::Kind::click,
                .account = account,
                .message = message,
                .recipient = 0,
                .link = link,
                .destination = "https://example.org/"};
    }
    static Event request(std::string address = "203.0.113.77") {
        Event seen;
        seen.method = "GET";
        seen.user_agent =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 "
            "Safari/537.36";
        seen.address = std::move(address);
        return seen;
    }

    /// As in production: what the store does not take soon goes to the journal.
    IntakeOptions options() const { return {.journal_directory = scratch.path / "journal"}; }
    /// A request is answered by the store alone, however busy the machine is.
    IntakeOptions patient_options() const {
        auto patient = options();
        patient.journal_after = std::chrono::minutes{5};
        patient.answer_within = std::chrono::minutes{5};
        patient.journal_above = std::numeric_limits<std::size_t>::max();
        return patient;
    }
    std::unique_ptr<Intake> open(IntakeOptions options, Intake::Listener listener = {}) {
        auto intake = Intake::open(std::move(options), documents, objections, keys.keys(KeyPurpose::journal), clock,
                                   random, std::move(listener));
        EXPECT_TRUE(intake.has_value()) << (intake ? "" : intake.error().detail);
        return std::move(*intake);
    }
    std::unique_ptr<Intake> open() { return open(patient_options()); }

    /// All requests at once on one loop, as an I/O thread has them.
    static void record_all(Intake& intake, const std::vector<TrackingToken>& tokens, const Event& seen = request()) {
        boost::asio::io_context loop;
        for (const auto& token : tokens) boost::asio::co_spawn(loop, intake.record(token, seen), boost::asio::detached);
        loop.run();
    }

    std::vector<JudgedEvent> events_of(MessageId message) {
        auto found = run(events.of_message(account, message, 100'000, {}));
        EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().detail);
        return found ? *found : std::vector<JudgedEvent>{};
    }
    /// A person's answer, as the mailbox tells of it.
    void store_reply(MessageId message, TimePoint at) {
        const JudgedEvent reply{.event = {.id = EventId::make(at, random),
                                          .kind = EventKind::reply,
                                          .account = account,
                                          .message = message,
                                          .recipient = 0,
                                          .link = {},
                                          .at = at},
                                .verdict = {.label = Label::human, .confidence = .97, .rule = "reply", .reasons = {}}};
        ASSERT_TRUE(testing::run(documents.insert(kEvents, document_of(reply, outside_the_intake()))));
    }
    Document tally_of(MessageId message) {
        const auto tally = run(tallies.get(account, message));
        EXPECT_TRUE(tally.has_value()) << (tally ? "" : tally.error().detail);
        return document_of(TallyRecord{.account = account, .tally = tally.value_or(Tally{}), .folded = {}});
    }
    /// What the tally must be.
    Document recount_of(MessageId message) {
        Tally tally{.message = message, .recipients = {}};
        for (const auto& judged : events_of(message)) count(tally, judged.event, judged.verdict.label);
        return document_of(TallyRecord{.account = account, .tally = tally, .folded = {}});
    }
};

/// Waits, generously, for what another thread does soon.
inline bool soon(const std::function<bool()>& holds, std::chrono::milliseconds limit = std::chrono::seconds{20}) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return holds();
}

}  // namespace inboxpro::testing
