#include "worker/worker.h"

namespace inboxpro {
namespace {

constexpr std::chrono::minutes kBetweenTries{1};
/// Accounts whose mail is planned anew at a time: the rest is left to mail that is due.
constexpr std::size_t kReplansAtOnce = 2;

Task<Result<void>> advance(Outbox& outbox, Send send) {
    CO_TRY(co_await outbox.advance(std::move(send)));
    co_return Result<void>{};
}

}  // namespace

Worker::Worker(Outbox& outbox, boost::asio::io_context& loop, const Clock& clock, OnFailure on_failure)
    : outbox_(outbox),
      clock_(clock),
      follow_zones_at_(clock.steady()),
      loop_(
          loop, [this](std::size_t limit) { return due(limit); },
          [on_failure = std::move(on_failure)](RawId id, const Error& error) { on_failure(MessageId{id}, error); },
          [this] { return until_next(); }) {}

Task<Result<std::vector<WorkLoop::Piece>>> Worker::due(std::size_t limit) {
    const auto due = CO_TRY(co_await outbox_.due(limit));
    std::vector<WorkLoop::Piece> pieces;
    for (const auto& send : due)
        pieces.push_back({.id = send.id.raw, .step = [this, send] { return advance(outbox_, send); }});
    for (auto& replan : CO_TRY(co_await outbox_.replans_due(kReplansAtOnce)))
        pieces.push_back({.id = replan.account.raw, .step = [this, replan] { return outbox_.replan(replan); }});
    // It counts as a piece of its own, so that a second never begins beside it.
    if (follow_zones_at_ && clock_.steady() >= *follow_zones_at_)
        pieces.push_back({.id = RawId{}, .step = [this] { return follow_zones(); }});
    co_return pieces;
}

Task<Result<void>> Worker::follow_zones() {
    follow_zones_at_ = clock_.steady() + kBetweenTries;
    CO_TRY(co_await outbox_.follow_zones());
    follow_zones_at_.reset();
    co_return Result<void>{};
}

Task<std::optional<std::chrono::milliseconds>> Worker::until_next() {
    const auto next = co_await outbox_.next_due();
    if (!next || !*next) co_return std::nullopt;
    co_return **next - clock_.now();
}

}  // namespace inboxpro
