#include "worker/rounds.h"

namespace inboxpro {
namespace {

constexpr std::chrono::minutes kBetweenAdoptions{10};

}  // namespace

Rounds::Rounds(Follower& follower, boost::asio::io_context& loop, const Clock& clock, OnFailure on_failure)
    : follower_(follower),
      clock_(clock),
      adopt_at_(clock.steady()),
      loop_(
          loop, [this](std::size_t limit) { return due(limit); },
          [on_failure = std::move(on_failure)](RawId id, const Error& error) { on_failure(AccountId{id}, error); }) {}

Task<Result<std::vector<WorkLoop::Piece>>> Rounds::due(std::size_t limit) {
    std::vector<WorkLoop::Piece> pieces;
    // It counts as a piece of its own, so that a second never begins beside it.
    if (clock_.steady() >= adopt_at_) pieces.push_back({.id = RawId{}, .step = [this] { return adopt(); }});
    for (const auto account : CO_TRY(co_await follower_.due(limit)))
        pieces.push_back({.id = account.raw, .step = [this, account] { return follower_.look(account); }});
    co_return pieces;
}

Task<Result<void>> Rounds::adopt() {
    adopt_at_ = clock_.steady() + kBetweenAdoptions;
    co_return co_await follower_.adopt();
}

}  // namespace inboxpro
