#include "worker/worker.h"

namespace inboxpro {
namespace {

Task<Result<void>> advance(Outbox& outbox, Send send) {
    CO_TRY(co_await outbox.advance(std::move(send)));
    co_return Result<void>{};
}

Task<Result<std::vector<WorkLoop::Piece>>> due_in(Outbox& outbox, std::size_t limit) {
    const auto due = CO_TRY(co_await outbox.due(limit));
    std::vector<WorkLoop::Piece> pieces;
    for (const auto& send : due)
        pieces.push_back({.id = send.id.raw, .step = [&outbox, send] { return advance(outbox, send); }});
    co_return pieces;
}

}  // namespace

Worker::Worker(Outbox& outbox, boost::asio::io_context& loop, OnFailure on_failure)
    : loop_(
          loop, [&outbox](std::size_t limit) { return due_in(outbox, limit); },
          [on_failure = std::move(on_failure)](RawId id, const Error& error) { on_failure(MessageId{id}, error); }) {}

}  // namespace inboxpro
