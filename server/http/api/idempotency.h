#pragma once
#include "accounts/account.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// Collection "idempotency_keys": one record per account and key, kept for 24 hours.
extern const Collection kIdempotencyKeys;

/// Makes a POST that creates something safe to repeat: the first request with an `Idempotency-Key` runs, every further
/// one with the same key and body gets the first one's answer. 422 for the same key with another body, 409 while the
/// first still runs, 400 for a key over 255 bytes. A request without the header just runs. Answers of 5xx are not kept.
class Idempotency {
  public:
    /// Work that makes one thing under the id that it is given, which is the same for every repetition of the key.
    struct Making {
        std::function<Task<Response>(Request, RawId)> make;
        /// The answer for what is made already under this id; empty while it is not, or not yet wholly.
        std::function<Task<std::optional<Response>>(RawId)> made;
    };

    Idempotency(Documents& documents, const BlindIndex& index, const Clock& clock, Random& random)
        : documents_(documents), index_(index), clock_(clock), random_(random) {}

    /// `run` is called at most once, with the request.
    Task<Response> once(AccountId account, Request request, Handler run);
    /// The same where a process may end in between: what it had made is answered for, and where it came to nothing the
    /// key may be used again after a quarter of an hour.
    Task<Response> once(AccountId account, Request request, Making making);
    /// Erases keys older than a day; returns how many.
    Task<Result<std::size_t>> purge();

  private:
    Task<Response> repeated(Document first, Request request, Making making);
    Task<Response> kept(Document document, Request request, Making making);
    Task<void> keep(Document document, Response response);

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace inboxpro::http
