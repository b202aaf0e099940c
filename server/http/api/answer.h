#pragma once
#include "http/api/gate.h"
#include "http/server/message.h"

namespace inboxpro::http {

/// What a route hands back: a response, or an error that becomes one.
using Answer = Task<Result<Response>>;

/// Waits for it and turns an error into its response.
inline Task<Response> answered(Answer answer) {
    auto outcome = co_await std::move(answer);
    co_return outcome ? std::move(*outcome) : error_response(outcome.error());
}

/// A guarded handler out of a member function. `owner` must outlive the router.
template <class Owner>
Gate::GuardedHandler guarded(Owner* owner, Answer (Owner::*member)(Request, Caller)) {
    return [owner, member](Request request, Caller caller) {
        return answered((owner->*member)(std::move(request), std::move(caller)));
    };
}

}  // namespace inboxpro::http
