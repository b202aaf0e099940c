#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <random>

#include "testing/fake_sleeper.h"
#include "testing/scripted_google.h"

namespace inboxpro::simulation {

using namespace std::chrono_literals;

/// How often in a thousand calls Google or the way to it fails, and how, until the storm is over.
struct Weather {
    unsigned limited = 0;  ///< 429; nothing happens (F8).
    unsigned failed = 0;   ///< 5xx before the effect (F9).
    unsigned lost = 0;     ///< The answer is lost after the effect (F10).
    unsigned slow = 0;     ///< The call takes a minute and is given up; its effect comes sooner or later (F10, F12).
};

/// Gmail as pessimistic as its documentation allows: a drafts.send that was begun is not stopped by another one of the
/// same draft, so both deliver. Only a draft that is gone when a call begins is refused.
class Gmail final : public testing::ScriptedGoogle {
  public:
    struct Delivery {
        std::string draft_id;
        TimePoint at;
        Bytes raw;
    };

    explicit Gmail(const testing::FakeClock& clock) : ScriptedGoogle(clock), now_(clock) {}

    /// What a call of drafts.send begins: the draft as it is then.
    Result<Draft> begin_send(const Secret& access_token, const std::string& draft_id) {
        auto* mailbox = TRY(open(access_token, {scope::kGmailCompose}));
        const auto found = mailbox->drafts.find(draft_id);
        if (found == mailbox->drafts.end()) return fail(ErrorKind::not_found, "notFound");
        return found->second;
    }
    GmailMessage send(const std::string& subject, const Draft& draft) {
        auto& box = mailbox(subject);
        // The text may have been changed in between; the draft that goes is the one that is there, if it still is.
        const auto current = box.drafts.find(draft.ids.draft_id);
        const auto going = current == box.drafts.end() ? draft : current->second;
        auto message = deliver(box, going);
        box.drafts.erase(draft.ids.draft_id);
        deliveries.push_back({.draft_id = going.ids.draft_id, .at = now_.now(), .raw = going.raw});
        message.headers.clear();
        return message;
    }

    std::vector<Delivery> deliveries;
    TimePoint calm_from;
    bool is_calm() const { return now_.now() >= calm_from; }

  private:
    const testing::FakeClock& now_;
};

/// The way of one node to Gmail, with the weather on it.
class LineToGmail final : public testing::ScriptedGoogle {
  public:
    using Step = std::function<Task<void>(bool may_stall)>;

    LineToGmail(Gmail& gmail, Weather weather, testing::FakeSleeper& sleeper, std::mt19937_64& dice, Step step)
        : ScriptedGoogle(no_clock()),
          gmail_(gmail),
          weather_(weather),
          sleeper_(sleeper),
          dice_(dice),
          step_(std::move(step)) {}

    Task<Result<TokenGrant>> refresh(Secret token) override { return call(gmail_.refresh(std::move(token))); }
    Task<Result<GmailProfile>> profile(Secret token) override { return call(gmail_.profile(std::move(token))); }
    Task<Result<std::vector<SendAs>>> send_as_addresses(Secret token) override {
        return call(gmail_.send_as_addresses(std::move(token)));
    }
    Task<Result<GmailDraft>> create_draft(Secret token, Bytes raw, std::string thread_id) override {
        return call(gmail_.create_draft(std::move(token), std::move(raw), std::move(thread_id)));
    }
    Task<Result<GmailDraft>> update_draft(Secret token, std::string draft_id, Bytes raw,
                                          std::string thread_id) override {
        return call(gmail_.update_draft(std::move(token), std::move(draft_id), std::move(raw), std::move(thread_id)));
    }
    Task<Result<GmailDraft>> get_draft(Secret token, std::string draft_id) override {
        return call(gmail_.get_draft(std::move(token), std::move(draft_id)));
    }
    Task<Result<std::vector<GmailDraft>>> drafts(Secret token) override {
        return call(gmail_.drafts(std::move(token)));
    }
    Task<Result<void>> delete_draft(Secret token, std::string draft_id) override {
        return call(gmail_.delete_draft(std::move(token), std::move(draft_id)));
    }
    Task<Result<GmailMessage>> message_metadata(Secret token, std::string message_id,
                                                std::vector<std::string> headers) override {
        return call(gmail_.message_metadata(std::move(token), std::move(message_id), std::move(headers)));
    }
    Task<Result<HistoryPage>> history(Secret token, std::uint64_t since, std::string page) override {
        return call(gmail_.history(std::move(token), since, std::move(page)));
    }
    Task<Result<MessageList>> messages(Secret token, std::string label, std::string page) override {
        return call(gmail_.messages(std::move(token), std::move(label), std::move(page)));
    }

    Task<Result<GmailMessage>> send_draft(Secret token, std::string draft_id) override {
        // A process that stands still here, after the last look at its claim, is the window that the manual names.
        co_await step_(false);
        const auto fate = fate_of();
        if (fate == Fate::limited) co_return limited();
        if (fate == Fate::failed) co_return no_answer();
        const auto draft = CO_TRY(gmail_.begin_send(token, draft_id));
        if (fate == Fate::slow) {
            // Its effect comes within the time that reliability.md counts with, given up or not.
            const auto after = std::chrono::milliseconds{dice_() % 85'000};
            boost::asio::co_spawn(co_await boost::asio::this_coro::executor, send_later(draft, after),
                                  boost::asio::detached);
            co_await sleeper_.sleep(60s);
            co_await step_(true);
            co_return no_answer();
        }
        co_await sleeper_.sleep(std::chrono::milliseconds{dice_() % 900});
        auto message = gmail_.send(kSubject, draft);
        co_await step_(true);
        if (fate == Fate::lost) co_return no_answer();
        co_return message;
    }

    static constexpr const char* kSubject = "1001";

  private:
    enum class Fate : std::uint8_t { good, limited, failed, lost, slow };

    static const Clock& no_clock() {
        static const SystemClock clock;
        return clock;
    }
    static std::unexpected<Error> no_answer() { return fail(ErrorKind::unavailable, "no answer"); }
    std::unexpected<Error> limited() {
        return std::unexpected(Error{.kind = ErrorKind::rate_limited,
                                     .detail = "rateLimitExceeded",
                                     .retry_after = std::chrono::seconds{1 + dice_() % 300}});
    }
    Fate fate_of() {
        if (gmail_.is_calm()) return Fate::good;
        auto roll = static_cast<unsigned>(dice_() % 1'000);
        for (const auto& [often, fate] : {std::pair{weather_.limited, Fate::limited},
                                          {weather_.failed, Fate::failed},
                                          {weather_.lost, Fate::lost},
                                          {weather_.slow, Fate::slow}}) {
            if (roll < often) return fate;
            roll -= often;
        }
        return Fate::good;
    }
    Task<void> send_later(Draft draft, std::chrono::milliseconds after) {
        co_await sleeper_.sleep(after);
        gmail_.send(kSubject, draft);
    }
    template <class T>
    Task<Result<T>> call(Task<Result<T>> at_google) {
        co_await step_(true);
        const auto fate = fate_of();
        if (fate == Fate::limited) co_return limited();
        if (fate == Fate::failed) co_return no_answer();
        auto outcome = co_await std::move(at_google);
        if (fate == Fate::slow) co_await sleeper_.sleep(20s);
        co_await step_(true);
        if (fate == Fate::lost || fate == Fate::slow) co_return no_answer();
        co_return outcome;
    }

    Gmail& gmail_;
    const Weather weather_;
    testing::FakeSleeper& sleeper_;
    std::mt19937_64& dice_;
    Step step_;
};

}  // namespace inboxpro::simulation
