#pragma once
#include "base/bytes.h"
#include "tracking/event.h"

namespace inboxpro {

/// Appends the whole event, in a few hundred bytes. Texts of it are shorter than 4 GiB, headers fewer than 65,536.
void append_event(Bytes& out, const Event& event);
/// Reads the next one from the front of `in` and shortens it; `corrupt` when it does not begin with one.
Result<Event> take_event(BytesView& in);

}  // namespace inboxpro
