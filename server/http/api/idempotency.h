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
    Idempotency(Documents& documents, const BlindIndex& index, const Clock& clock)
        : documents_(documents), index_(index), clock_(clock) {}

    /// `run` is called at most once, with the request.
    Task<Response> once(AccountId account, Request request, Handler run);
    /// Erases keys older than a day; returns how many.
    Task<Result<std::size_t>> purge();

  private:
    Task<Response> repeated(RawId id, std::string fingerprint);
    Task<void> keep(Document document, Response response);

    Documents& documents_;
    const BlindIndex& index_;
    const Clock& clock_;
};

}  // namespace inboxpro::http
