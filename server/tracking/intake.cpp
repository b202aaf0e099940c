#include "tracking/intake.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tracking/address.h"
#include "tracking/intake/recorder.h"

namespace inboxpro {
namespace {

namespace asio = boost::asio;

std::optional<std::uint16_t> link_of(const TrackingToken& token) {
    return token.kind == TrackingToken::Kind::click ? std::optional{token.link} : std::nullopt;
}

/// Lets go of the timer on every way out, so that a late answer finds nothing to cancel.
struct TimerLoan {
    Waiting& waiting;
    TimerLoan(Waiting& of, asio::steady_timer& timer) : waiting(of) { waiting.timer = &timer; }
    ~TimerLoan() {
        waiting.timer = nullptr;
        waiting.leave();
    }
    TimerLoan(const TimerLoan&) = delete;
    TimerLoan& operator=(const TimerLoan&) = delete;
};

class RecordingIntake final : public Intake {
  public:
    RecordingIntake(IntakeOptions options, const Clock& clock, Random& random)
        : options_(std::move(options)), clock_(clock), random_(random) {}

    Result<void> start(Documents& documents, Objections& objections, const KeySet& keys, Listener listener) {
        // The journal speaks to a recorder that is made from it.
        auto synced = [this](std::uint64_t ticket) { recorder_->synced(ticket); };
        auto journal = TRY(Journal::open(options_.journal_directory, options_.journal_limit, keys, random_, synced));
        const auto node = TRY(journal->node_id(clock_.now()));
        recorder_ = std::make_unique<Recorder>(options_, documents, objections, clock_, std::move(journal), node,
                                               std::move(listener));
        recorder_->start();
        return {};
    }

    Task<void> record(TrackingToken token, Event seen) override {
        auto waiting = std::make_shared<Waiting>();
        waiting->event = completed(token, std::move(seen));
        waiting->arrived = std::chrono::steady_clock::now();
        waiting->executor = co_await asio::this_coro::executor;
        waiting->request = Waiting::Request::waits;
        asio::steady_timer timer(waiting->executor, options_.answer_within);
        const TimerLoan loan(*waiting, timer);
        if (!recorder_->accept(waiting)) co_return;
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (waiting->resumed) co_return;
        if (waiting->leave()) {
            recorder_->make_safe(*waiting);
            co_return;
        }
        // The recorder has just answered; its word is on its way to this thread.
        while (!waiting->resumed) {
            timer.expires_at(asio::steady_timer::time_point::max());
            co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    IntakeFigures figures() const override { return recorder_->figures(); }
    void stop() override { recorder_->stop(); }

  private:
    Event completed(const TrackingToken& token, Event seen) {
        seen.at = clock_.now();
        seen.id = EventId::make(seen.at, random_);
        seen.kind = token.kind == TrackingToken::Kind::click ? EventKind::click : EventKind::open;
        seen.account = token.account;
        seen.message = token.message;
        seen.recipient =
            token.recipient == TrackingToken::kAnyRecipient ? std::nullopt : std::optional{token.recipient};
        seen.link = link_of(token);
        seen.address = kept_address(token.address_policy, seen.address);
        return seen;
    }

    IntakeOptions options_;
    const Clock& clock_;
    Random& random_;
    std::unique_ptr<Recorder> recorder_;
};

}  // namespace

Result<std::unique_ptr<Intake>> Intake::open(IntakeOptions options, Documents& documents, Objections& objections,
                                             const KeySet& journal_keys, const Clock& clock, Random& random,
                                             Listener listener) {
    auto intake = std::make_unique<RecordingIntake>(std::move(options), clock, random);
    TRY(intake->start(documents, objections, journal_keys, std::move(listener)));
    return intake;
}

}  // namespace inboxpro
